//! The browser host: the same pages and commands as the desktop window, served
//! on the loopback address, under a [`name`] of its own, to one browser of the user
//! who started it.
//!
//! | request | answer |
//! |---|---|
//! | `GET /enter?key=…` | once: sets the session's cookie and goes to `/` |
//! | `GET /…` | the embedded pages |
//! | `POST /api/<command>` | a command: JSON in, JSON out; a failure is status 400 with `{code, args, problems}`; `x-yinxin-sitting` says whom the page believes at the desk |
//! | `POST /files?kind=…&name=…&size=…` | takes in a file; gives a token |
//! | `GET /files/<token>` | hands out a file that a command made |
//!
//! Whoever is not this browser gets nothing ([`guard`]): a request needs the
//! session's cookie, this host's own name, and, where it changes anything, this
//! host's own origin. The listener is on the loopback address only.

mod api;
mod assets;
mod files;
mod guard;
mod name;

use std::future::IntoFuture as _;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use yinxin_commands::Desk;

use guard::Guard;

/// The most bytes of a command's request.
const MAX_REQUEST: usize = 32 << 20;

/// How long requests that are under way may take once the program is to end.
const GRACE: Duration = Duration::from_secs(3);

/// A host that listens, and does not answer yet.
pub struct Host {
    listener: TcpListener,
    guard: Arc<Guard>,
    desk: Arc<Desk>,
}

impl Host {
    /// Listens on the loopback address, at `port` or at one that is free.
    ///
    /// # Errors
    /// What listening may fail with; no randomness.
    pub async fn listen(desk: Arc<Desk>, port: Option<u16>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
        let address = listener.local_addr()?;
        let name = name::of_home(desk.home().path())?;
        let guard = Arc::new(Guard::new(&name, address.port())?);
        Ok(Self { listener, guard, desk })
    }

    /// The address that lets one browser in, once.
    #[must_use]
    pub fn entry(&self) -> String {
        format!("http://{}/enter?key={}", self.guard.host(), self.guard.key())
    }

    /// Answers until `end` completes, and then what is under way for [`GRACE`] at
    /// the most: nobody keeps the program from ending by holding a connection.
    ///
    /// # Errors
    /// What serving may fail with.
    pub async fn serve(self, end: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let routes = routes(self.guard, self.desk);
        let (ending, ended) = tokio::sync::oneshot::channel();
        let told = async move {
            end.await;
            // Without the other end there is nobody to tell.
            let _ = ending.send(());
        };
        let late = async move {
            if ended.await.is_ok() {
                tokio::time::sleep(GRACE).await;
            }
        };
        tokio::select! {
            served = axum::serve(self.listener, routes).with_graceful_shutdown(told).into_future() => served,
            () = late => Ok(()),
        }
    }
}

fn routes(guard: Arc<Guard>, desk: Arc<Desk>) -> Router {
    let guarded = Router::new()
        .route("/api/{command}", post(api::command).layer(DefaultBodyLimit::max(MAX_REQUEST)))
        .route("/files", post(files::take_in).layer(DefaultBodyLimit::disable()))
        .route("/files/{token}", get(files::hand_out))
        .fallback(assets::asset)
        .with_state(desk)
        .layer(middleware::from_fn_with_state(Arc::clone(&guard), guard::check));
    Router::new()
        .route("/enter", get(guard::enter).with_state(Arc::clone(&guard)))
        .merge(guarded)
        .layer(middleware::from_fn_with_state(guard, guard::check_host))
        .layer(middleware::map_response(guard::harden))
}
