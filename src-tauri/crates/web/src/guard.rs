//! Who is let in: one browser, from one start of the program.
//!
//! - The key of the start works once; whoever has it gets the session's cookie
//!   (`HttpOnly`, `SameSite=Strict`). Another user of this machine has neither.
//! - `Host` must be this host's own [`name`](crate::name), so that a name that was
//!   made to point here (DNS rebinding) is of no use, and no other port's page is
//!   of the same site.
//! - `Origin` must be this host's own wherever something may change, and
//!   `Sec-Fetch-Site` must not say otherwise: another site's page gets nothing.

use std::io;
use std::sync::Mutex;
use std::sync::{Arc, PoisonError};

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use subtle::ConstantTimeEq as _;

/// The cookie's content and the key that is worth it.
pub(crate) struct Guard {
    /// Name and port.
    host: String,
    port: u16,
    session: String,
    key: String,
    /// Whether the key was used.
    used: Mutex<bool>,
}

fn secret() -> io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(hex::encode(bytes))
}

impl Guard {
    pub(crate) fn new(name: &str, port: u16) -> io::Result<Self> {
        Ok(Self {
            host: format!("{name}:{port}"),
            port,
            session: secret()?,
            key: secret()?,
            used: Mutex::new(false),
        })
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Cookies are shared by all ports of a host, so the name tells them apart.
    fn cookie_name(&self) -> String {
        format!("yinxin_{}", self.port)
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    fn is_own_host(&self, host: &str) -> bool {
        host == self.host
    }

    /// Whether the key is right and was not used; it is used then.
    fn redeem(&self, key: &str) -> bool {
        let right: bool = key.as_bytes().ct_eq(self.key.as_bytes()).into();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let good = right && !*used;
        *used |= good;
        good
    }

    fn has_session(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut sessions = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
        sessions.any(|session| session.as_bytes().ct_eq(self.session.as_bytes()).into())
    }

    /// Whether no other site is behind a request.
    fn is_own_site(&self, method: &Method, headers: &HeaderMap) -> bool {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let own_origin = match text(headers, header::ORIGIN.as_str()) {
            Some(origin) => origin.strip_prefix("http://").is_some_and(|host| self.is_own_host(host)),
            None => reads,
        };
        let site = text(headers, "sec-fetch-site");
        let own_site = site.is_none_or(|site| site == "same-origin" || (reads && site == "none"));
        own_origin && own_site
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Nothing: not even whether there is something.
fn nothing() -> Response {
    StatusCode::FORBIDDEN.into_response()
}

pub(crate) async fn check_host(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    match text(request.headers(), header::HOST.as_str()) {
        Some(host) if guard.is_own_host(host) => next.run(request).await,
        _ => nothing(),
    }
}

pub(crate) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if guard.has_session(headers) && guard.is_own_site(request.method(), headers) {
        return next.run(request).await;
    }
    nothing()
}

#[derive(serde::Deserialize)]
pub(crate) struct Entry {
    key: String,
}

/// Shown where the key was used before. No text of the program reaches here,
/// because whoever reads it may be anybody.
const USED: &str = "此链接只能用一次，已经用过。请回到终端重新运行 yinxin open。\nThis link works once and was used. Run yinxin open again.\n";

pub(crate) async fn enter(State(guard): State<Arc<Guard>>, entry: Query<Entry>) -> Response {
    if !guard.redeem(&entry.key) {
        return (StatusCode::FORBIDDEN, USED).into_response();
    }
    let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", guard.cookie_name(), guard.session);
    // A page of its own, not a redirect: a request that follows a link from
    // elsewhere would not carry a strict cookie.
    let page = "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url=/\"><title>印信</title>";
    let headers =
        [(header::SET_COOKIE, cookie), (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned())];
    (headers, page).into_response()
}

/// What the pages may do: load from here and talk to here, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn harden(mut response: Response<Body>) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
