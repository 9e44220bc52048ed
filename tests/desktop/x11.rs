//! The one thing that a window manager does and a driver of pages cannot: to ask
//! a window to close, as its close button does. So much of X11 is spoken here.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use crate::Anything;

const GET_WINDOW_ATTRIBUTES: u8 = 3;
const QUERY_TREE: u8 = 15;
const INTERN_ATOM: u8 = 16;
const GET_PROPERTY: u8 = 20;
const SEND_EVENT: u8 = 25;
const CLIENT_MESSAGE: u8 = 33;
const VIEWABLE: u8 = 2;

/// Asks every window that a person sees to close; gives how many there are.
pub fn ask_to_close(display: &str) -> Result<usize, Anything> {
    let mut server = Server::connect(display)?;
    let (protocols, delete) = (server.atom("WM_PROTOCOLS")?, server.atom("WM_DELETE_WINDOW")?);
    let mut asked = 0;
    for window in server.children()? {
        if server.is_shown(window)? && server.property(window, protocols)?.contains(&delete) {
            server.send(window, protocols, delete)?;
            asked += 1;
        }
    }
    // An answer comes only after everything before it was done.
    server.atom("WM_PROTOCOLS")?;
    Ok(asked)
}

/// How many windows a person sees.
pub fn shown(display: &str) -> Result<usize, Anything> {
    let mut server = Server::connect(display)?;
    let mut shown = 0;
    for window in server.children()? {
        shown += usize::from(server.is_shown(window)?);
    }
    Ok(shown)
}

struct Server {
    stream: UnixStream,
    root: u32,
}

impl Server {
    fn connect(display: &str) -> Result<Self, Anything> {
        let number = display.trim_start_matches(':');
        let mut stream = UnixStream::connect(format!("/tmp/.X11-unix/X{number}"))?;
        // Little endian, version 11.0, no authorisation.
        stream.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        let mut head = [0; 8];
        stream.read_exact(&mut head)?;
        let mut about = vec![0; usize::from(u16::from_le_bytes([head[6], head[7]])) * 4];
        stream.read_exact(&mut about)?;
        if head[0] != 1 {
            return Err("the display lets nobody in".into());
        }
        let vendor = usize::from(u16::from_le_bytes([about[16], about[17]])).next_multiple_of(4);
        let root = number_at(&about, 32 + vendor + usize::from(about[21]) * 8)?;
        Ok(Self { stream, root })
    }

    /// A request, whose length is counted in fours.
    fn request(&mut self, operation: u8, data: &[u8]) -> Result<(), Anything> {
        let length = u16::try_from(data.len() / 4 + 1)?.to_le_bytes();
        self.stream.write_all(&[&[operation, 0, length[0], length[1]], data].concat())?;
        Ok(())
    }

    fn answered(&mut self, operation: u8, data: &[u8]) -> Result<Vec<u8>, Anything> {
        self.request(operation, data)?;
        let mut answer = vec![0; 32];
        self.stream.read_exact(&mut answer)?;
        if answer[0] != 1 {
            return Err(format!("the display refuses {operation}: error {}", answer[1]).into());
        }
        let mut rest = vec![0; usize::try_from(number_at(&answer, 4)?)? * 4];
        self.stream.read_exact(&mut rest)?;
        answer.extend(rest);
        Ok(answer)
    }

    fn atom(&mut self, name: &str) -> Result<u32, Anything> {
        let mut data = u16::try_from(name.len())?.to_le_bytes().to_vec();
        data.extend([0, 0]);
        data.extend(name.as_bytes());
        data.resize(data.len().next_multiple_of(4), 0);
        number_at(&self.answered(INTERN_ATOM, &data)?, 8)
    }

    /// Windows of the first level: there is no window manager to put frames around them.
    fn children(&mut self) -> Result<Vec<u32>, Anything> {
        let root = self.root.to_le_bytes();
        Ok(numbers(&self.answered(QUERY_TREE, &root)?[32..]))
    }

    fn is_shown(&mut self, window: u32) -> Result<bool, Anything> {
        // One that is gone meanwhile is not shown.
        let about = self.answered(GET_WINDOW_ATTRIBUTES, &window.to_le_bytes());
        Ok(about.is_ok_and(|about| about.get(26) == Some(&VIEWABLE)))
    }

    fn property(&mut self, window: u32, name: u32) -> Result<Vec<u32>, Anything> {
        let data = [window, name, 0, 0, 32].map(u32::to_le_bytes).concat();
        Ok(numbers(&self.answered(GET_PROPERTY, &data)?[32..]))
    }

    fn send(&mut self, window: u32, kind: u32, what: u32) -> Result<(), Anything> {
        let mut data = [window, 0].map(u32::to_le_bytes).concat();
        data.extend([CLIENT_MESSAGE, 32, 0, 0]);
        data.extend([window, kind, what, 0, 0, 0, 0].map(u32::to_le_bytes).concat());
        self.request(SEND_EVENT, &data)
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

fn number_at(bytes: &[u8], place: usize) -> Result<u32, Anything> {
    let four = bytes.get(place..place + 4).ok_or("the display says too little")?;
    Ok(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
