//! The installation and the company's listener in one small server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Serves the pages until the test ends; its port.
pub fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

/// One request, one answer; a browser that goes away in between is no failure.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut line) = (0, String::new());
    while reader.read_line(&mut line)? > 2 {
        if let Some(size) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = size.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (kind, body) = match path.split('?').next().unwrap_or_default() {
        "/installation.html" => ("text/html; charset=utf-8", include_str!("installation.html")),
        "/teller.html" => ("text/html; charset=utf-8", include_str!("teller.html")),
        "/careless.html" => ("text/html; charset=utf-8", include_str!("careless.html")),
        "/switches.json" if path.ends_with("?on") => {
            ("application/json", r#"{"feedback":true,"figures":true,"clicks":true}"#)
        }
        "/switches.json" if path.ends_with("?off") => {
            ("application/json", r#"{"feedback":false,"figures":false,"clicks":false}"#)
        }
        "/switches.json" => ("application/json", "{}"),
        _ => ("text/plain", ""),
    };
    let status = if body.is_empty() { "204 No Content" } else { "200 OK" };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
