//! Files in and out of a browser.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use yinxin_commands::{Desk, DeskError, FileKind, FileRef};

use crate::api::refusal;

#[derive(serde::Deserialize)]
pub(crate) struct About {
    kind: FileKind,
    name: String,
    /// How many bytes the page says it has.
    size: Option<u64>,
}

pub(crate) async fn take_in(
    State(desk): State<Arc<Desk>>,
    Query(about): Query<About>,
    body: Body,
) -> Response {
    match received(&desk, &about, body).await {
        Ok(file) => Json(file).into_response(),
        Err(error) => refusal(error.into()),
    }
}

async fn received(desk: &Desk, about: &About, body: Body) -> Result<FileRef, DeskError> {
    let (mut upload, mut refused) = match desk.files().upload(&about.name, about.kind, about.size) {
        Ok(upload) => (Some(upload), None),
        Err(failure) => (None, Some(failure)),
    };
    let mut chunks = body.into_data_stream();
    // A browser that is not let finish shows its own error instead of ours, so
    // what is too much is read to its end and dropped.
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| DeskError::UploadBroken(error.to_string()))?;
        if let Some(Err(failure)) = upload.as_mut().map(|upload| upload.write(&chunk)) {
            refused = Some(failure);
            upload = None;
        }
    }
    match (upload, refused) {
        (Some(upload), None) => upload.finish(),
        (_, refused) => Err(refused.unwrap_or_else(|| DeskError::internal("nothing was received"))),
    }
}

pub(crate) async fn hand_out(State(desk): State<Arc<Desk>>, Path(token): Path<String>) -> Response {
    let file = match tokio::task::spawn_blocking(move || desk.files().outgoing(&token)).await {
        Ok(Ok(file)) => file,
        Ok(Err(error)) => return refusal(error.into()),
        Err(_) => return refusal(DeskError::internal("panic").into()),
    };
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{name}")),
    ];
    (headers, file.bytes).into_response()
}
