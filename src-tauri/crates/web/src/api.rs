//! Commands over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use yinxin_commands::{Desk, DeskError, Failure};

pub(crate) fn refusal(failure: Failure) -> Response {
    (StatusCode::BAD_REQUEST, Json(failure)).into_response()
}

pub(crate) async fn command(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    request: Bytes,
) -> Response {
    // Commands read files and databases, and wait for keys to open.
    let called = tokio::task::spawn_blocking(move || desk.call(&name, &request)).await;
    match called {
        Ok(Ok(response)) => ([(header::CONTENT_TYPE, "application/json")], response).into_response(),
        Ok(Err(failure)) => refusal(failure),
        Err(_) => refusal(DeskError::internal("panic").into()),
    }
}
