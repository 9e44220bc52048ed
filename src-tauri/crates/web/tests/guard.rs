//! Who is let in, asked over a real socket.

#![allow(clippy::unwrap_used)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread::JoinHandle;

use tempfile::TempDir;
use yinxin_commands::{Desk, Home, Machine};
use yinxin_web::Host;

struct Running {
    _folder: TempDir,
    host: String,
    port: u16,
    key: String,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

fn start() -> Running {
    start_until(std::future::pending()).0
}

/// The thread ends with the host.
fn start_until(end: impl Future<Output = ()> + Send + 'static) -> (Running, JoinHandle<()>) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
    let (told, entry) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let host = Host::listen(Arc::new(desk), None).await.unwrap();
            told.send(host.entry()).unwrap();
            host.serve(end).await.unwrap();
        });
    });
    let entry = entry.recv().unwrap();
    let (address, key) = entry.split_once("/enter?key=").unwrap();
    let host = address.strip_prefix("http://").unwrap().to_owned();
    let port = host.rsplit_once(':').unwrap().1.parse().unwrap();
    (Running { _folder: folder, host, port, key: key.to_owned() }, thread)
}

impl Running {
    fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let mut request = format!("{line} HTTP/1.1\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn host(&self) -> String {
        self.host.clone()
    }

    fn origin(&self) -> String {
        format!("http://{}", self.host())
    }

    /// Enters with the key; gives the cookie.
    fn enter(&self) -> String {
        let line = format!("GET /enter?key={}", self.key);
        let answer = self.send(&line, &[("Host", &self.host())], "");
        assert_eq!(answer.status, 200);
        let cookie = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"));
        cookie.split(';').next().unwrap().to_owned()
    }
}

const HELLO: &str = "POST /api/hello";

#[test]
fn this_browser_is_let_in_once_by_the_key() {
    let running = start();
    let cookie = running.enter();
    let (host, origin) = (running.host(), running.origin());
    let headers = [("Host", host.as_str()), ("Origin", &origin), ("Cookie", &cookie)];
    let answer = running.send(HELLO, &headers, "{}");
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("\"settings\""));
    let page = running.send("GET /", &[("Host", host.as_str()), ("Cookie", &cookie)], "");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-security-policy: default-src 'none'"));
    assert!(!page.head.contains("unsafe-eval"));
    let icon = running.send("GET /favicon.ico", &[("Host", host.as_str()), ("Cookie", &cookie)], "");
    assert_eq!((icon.status, icon.head.contains("image/svg+xml")), (200, true));
    let failed = running.send("POST /api/overview", &headers, "{}");
    assert_eq!((failed.status, failed.body.contains("no_office_open")), (400, true));
    // The key is worth nothing any more.
    let again = format!("GET /enter?key={}", running.key);
    assert_eq!(running.send(&again, &[("Host", &host)], "").status, 403);
}

#[test]
fn another_user_of_this_machine_gets_nothing() {
    let running = start();
    let _cookie = running.enter();
    let (host, origin) = (running.host(), running.origin());
    let wrong = format!("yinxin_{}={}", running.port, "0".repeat(64));
    for cookie in ["", "yinxin=1", wrong.as_str()] {
        for line in [HELLO, "GET /", "GET /index.html", "POST /files?kind=sheet&name=a.csv", "GET /files/x"] {
            let headers = [("Host", host.as_str()), ("Origin", &origin), ("Cookie", cookie)];
            let answer = running.send(line, &headers, "{}");
            assert_eq!((answer.status, answer.body.as_str()), (403, ""), "{line} with {cookie:?}");
        }
    }
    for key in ["", "0", &"0".repeat(64)] {
        assert_eq!(running.send(&format!("GET /enter?key={key}"), &[("Host", &host)], "").status, 403);
    }
}

#[test]
fn another_sites_page_gets_nothing_even_with_the_cookie() {
    let running = start();
    let cookie = running.enter();
    let host = running.host();
    let with = |extra: &[(&str, &str)], line: &str| {
        let mut headers = vec![("Host", host.as_str()), ("Cookie", cookie.as_str())];
        headers.extend(extra);
        running.send(line, &headers, "{}").status
    };
    let other_port = format!("http://127.0.0.1:{}", running.port ^ 1);
    for origin in ["https://example.org", "null", "http://127.0.0.1", other_port.as_str(), "file://"] {
        assert_eq!(with(&[("Origin", origin)], HELLO), 403, "{origin}");
    }
    // A form posts without script; a browser that says no origin is not ours.
    assert_eq!(with(&[], HELLO), 403);
    let own = running.origin();
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(with(&[("Origin", &own), ("Sec-Fetch-Site", site)], HELLO), 403, "{site}");
    }
    assert_eq!(with(&[("Sec-Fetch-Site", "cross-site")], "GET /"), 403);
    assert_eq!(with(&[("Origin", &own), ("Sec-Fetch-Site", "same-origin")], HELLO), 200);
}

#[test]
fn a_name_that_was_made_to_point_here_gets_nothing() {
    let running = start();
    let cookie = running.enter();
    // Cookies of the loopback address go to every port there, so it is no name either.
    let (loopback, localhost) =
        (format!("127.0.0.1:{}", running.port), format!("localhost:{}", running.port));
    for host in ["evil.example", "127.0.0.1", "evil.example:80", "0.0.0.0", &loopback, &localhost] {
        let origin = format!("http://{host}");
        let headers = [("Host", host), ("Origin", origin.as_str()), ("Cookie", &cookie)];
        assert_eq!(running.send(HELLO, &headers, "{}").status, 403, "{host}");
        let enter = format!("GET /enter?key={}", running.key);
        assert_eq!(running.send(&enter, &[("Host", host)], "").status, 403, "{host}");
    }
}

#[test]
fn too_large_a_file_is_refused_in_words() {
    let running = start();
    let cookie = running.enter();
    let (host, origin) = (running.host(), running.origin());
    let headers = [("Host", host.as_str()), ("Origin", &origin), ("Cookie", &cookie)];
    let large = "a".repeat(2 << 20);
    let answer = running.send("POST /files?kind=policy&name=p.txt", &headers, &large);
    assert_eq!((answer.status, answer.body.contains("file_too_large")), (400, true));
    let answer = running.send("POST /files?kind=sheet&name=..%2F..%2Fa.csv", &headers, "a,b");
    assert!(answer.status == 200 && answer.body.contains("\"name\":\"a.csv\""), "{}", answer.body);
    assert_eq!(running.send("POST /files?kind=anything&name=a", &headers, "").status, 400);
    assert_eq!(running.send("POST /api/..%2f..%2fetc", &headers, "{}").status, 400);
}

#[test]
fn nobody_keeps_the_program_from_ending() {
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let (running, thread) = start_until(async move { ended.await.unwrap() });
    let mut held = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
    held.write_all(b"POST /api/hello HTTP/1.1\r\nHost: x").unwrap();
    // Connections are taken in order: the one before is in by now.
    assert_eq!(running.send(HELLO, &[("Host", &running.host())], "{}").status, 403);
    end.send(()).unwrap();
    thread.join().unwrap();
}
