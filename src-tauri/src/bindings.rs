//! Every declared command, bound under its own name: the list that declares them
//! is included here, so one that is not bound does not compile.

use std::sync::Arc;

use tauri::ipc::Invoke;
use tauri::{State, Wry};
use yinxin_commands::{Desk, DeskError, Failure};

use crate::seat::Seat;

macro_rules! commands {
    ($($name:ident($request:ident) -> $response:ident, $who:ident, [$($errors:ident),*];)*) => {
        $(
            #[tauri::command]
            async fn $name(
                seat: State<'_, Seat>,
                request: yinxin_commands::$request,
            ) -> Result<yinxin_commands::$response, Failure> {
                answered(seat.desk()?, move |desk| desk.$name(request)).await
            }
        )*

        /// Answers the page.
        pub fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![
                $($name,)*
                crate::files::pick_file,
                crate::files::pick_folder,
                crate::files::save_file,
                crate::closing::answer_close
            ]
        }
    };
}

include!("../crates/commands/src/list.rs");

/// Asks the desk on a thread that may wait: commands read files and databases,
/// and open keys. A panic is an answer, too, or the page would wait for ever.
pub async fn answered<T: Send + 'static>(
    desk: Arc<Desk>,
    ask: impl FnOnce(&Desk) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let asked = tauri::async_runtime::spawn_blocking(move || ask(&desk)).await;
    asked.unwrap_or_else(|_| Err(DeskError::internal("panic").into()))
}
