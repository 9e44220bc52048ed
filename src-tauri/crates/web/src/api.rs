//! Commands over HTTP.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use yinxin_commands::{Desk, DeskError, Failure};

/// The sitting that the page has last been told of.
const SITTING: &str = "x-yinxin-sitting";

pub(crate) fn refusal(failure: Failure) -> Response {
    (StatusCode::BAD_REQUEST, Json(failure)).into_response()
}

pub(crate) async fn command(
    State(desk): State<Arc<Desk>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    request: Bytes,
) -> Response {
    // Windows of one browser share a desk; each says whom it believes there.
    let sitting = headers.get(SITTING).and_then(|value| value.to_str().ok()?.parse().ok());
    // Commands read files and databases, and wait for keys to open.
    let called = tokio::task::spawn_blocking(move || desk.call_in(sitting, &name, &request)).await;
    match called {
        Ok(Ok(response)) => ([(header::CONTENT_TYPE, "application/json")], response).into_response(),
        Ok(Err(failure)) => refusal(failure),
        Err(_) => refusal(DeskError::internal("panic").into()),
    }
}
