//! A web server for tests that does whatever it is told, however wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Method.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Asked {
    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text)
    }

    /// Method and target, as tests write them.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Told {
    /// Answers: status, headers, body.
    Answer(u16, Vec<(String, String)>, Vec<u8>),
    /// Writes these bytes and hangs up.
    Bytes(Vec<u8>),
    /// Hangs up without a word.
    Cut,
    /// Waits first.
    Later(Duration, Box<Told>),
}

impl Told {
    /// An answer in JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Told {
        let kind = ("content-type".to_owned(), "application/json".to_owned());
        Told::Answer(status, vec![kind], body.to_string().into_bytes())
    }

    /// An answer without body.
    pub fn status(status: u16) -> Told {
        Told::Answer(status, Vec::new(), Vec::new())
    }

    /// The same with one more header.
    pub fn with(self, name: &str, text: &str) -> Told {
        match self {
            Told::Answer(status, mut headers, body) => {
                headers.push((name.to_owned(), text.to_owned()));
                Told::Answer(status, headers, body)
            }
            other => other,
        }
    }
}

type Tell = dyn Fn(&Asked) -> Told + Send + Sync;

/// A running server on this machine. Dropping it stops it.
pub struct WebServer {
    scheme: &'static str,
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    ended: Arc<AtomicBool>,
}

impl WebServer {
    /// Starts it; `tell` says what to do with each request.
    pub fn start(tell: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> WebServer {
        WebServer::over("http", tell, |socket, log, tell| serve(socket, log, tell))
    }

    /// The same over TLS.
    pub fn secure(config: Arc<ServerConfig>, tell: impl Fn(&Asked) -> Told + Send + Sync + 'static) -> WebServer {
        WebServer::over("https", tell, move |socket, log, tell| {
            let session = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
            serve(StreamOwned::new(session, socket), log, tell)
        })
    }

    fn over(
        scheme: &'static str,
        tell: impl Fn(&Asked) -> Told + Send + Sync + 'static,
        serve: impl Fn(TcpStream, &Mutex<Vec<Asked>>, &Tell) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> WebServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (asked, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (log, over, tell): (_, _, Arc<Tell>) = (Arc::clone(&asked), Arc::clone(&ended), Arc::new(tell));
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (log, tell, serve) = (Arc::clone(&log), Arc::clone(&tell), Arc::clone(&serve));
                let Ok(socket) = socket else { continue };
                // How a connection ends is its client's matter.
                std::thread::spawn(move || drop(serve(socket, &log, &*tell)));
            }
        });
        WebServer { scheme, address, asked, ended }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// All requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Method and target of all requests so far.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // The thread that waits for connections sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(socket: impl Read + Write, log: &Mutex<Vec<Asked>>, tell: &Tell) -> std::io::Result<()> {
    let mut reader = BufReader::new(socket);
    let asked = read(&mut reader)?;
    log.lock().unwrap_or_else(PoisonError::into_inner).push(asked.clone());
    write(reader.get_mut(), tell(&asked))
}

fn read(reader: &mut impl BufRead) -> std::io::Result<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let mut asked = Asked {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        ..Asked::default()
    };
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, text)) = line.trim_end().split_once(':') else { break };
        asked.headers.push((name.to_ascii_lowercase(), text.trim().to_owned()));
    }
    let mut body = vec![0; asked.header("content-length").parse().unwrap_or_default()];
    reader.read_exact(&mut body)?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    Ok(asked)
}

fn write(socket: &mut impl Write, told: Told) -> std::io::Result<()> {
    match told {
        Told::Cut => Ok(()),
        Told::Bytes(bytes) => socket.write_all(&bytes),
        Told::Later(wait, told) => {
            std::thread::sleep(wait);
            write(socket, *told)
        }
        Told::Answer(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
            if status != 204 && !headers.iter().any(|(name, _)| name == "content-length") {
                head += &format!("content-length: {}\r\n", body.len());
            }
            headers.iter().for_each(|(name, text)| head += &format!("{name}: {text}\r\n"));
            socket.write_all(format!("{head}\r\n").as_bytes())?;
            socket.write_all(&body)
        }
    }
}
