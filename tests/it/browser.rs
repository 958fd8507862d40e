//! A browser, and plain HTTP requests.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Message, WebSocket};

use crate::tools::chromium;

/// A headless Chromium with one page, driven over the DevTools protocol.
pub struct Browser {
    child: Child,
    socket: WebSocket<MaybeTlsStream<TcpStream>>,
    calls: u64,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens `url`.
    pub fn open(url: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut child = chromium()
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run"])
            .args(["--remote-debugging-port=0", "--window-size=1280,1400"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Chromium prints "DevTools listening on ws://127.0.0.1:PORT/devtools/browser/ID".
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let address =
            lines.find_map(|line| line.split_once("ws://").map(|(_, rest)| rest.to_owned())).unwrap();
        std::thread::spawn(move || lines.for_each(drop));
        let host = address.split('/').next().unwrap().to_owned();
        let list = get(&format!("http://{host}/json/list"));
        let pages: Value = serde_json::from_str(list.split_once("\r\n\r\n").unwrap().1).unwrap();
        let page = pages.as_array().unwrap().iter().find(|page| page["type"] == "page").unwrap();
        let (socket, _) = tungstenite::connect(page["webSocketDebuggerUrl"].as_str().unwrap()).unwrap();
        let mut browser = Self { child, socket, calls: 0, _profile: profile };
        browser.call("Page.enable", json!({}));
        browser.call("Page.navigate", json!({"url": url}));
        browser
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let call = json!({"id": self.calls, "method": method, "params": params});
        self.socket.send(Message::text(call.to_string())).unwrap();
        loop {
            let Message::Text(text) = self.socket.read().unwrap() else { continue };
            let reply: Value = serde_json::from_str(&text).unwrap();
            if reply["id"] == self.calls {
                return reply["result"].clone();
            }
        }
    }

    /// Returns the value of a JavaScript expression in the page.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let wanted = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        self.call("Runtime.evaluate", wanted)["result"]["value"].clone()
    }

    /// Waits until a JavaScript expression is true. Fails after a minute.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.evaluate(expression) != json!(true) {
            assert!(start.elapsed() < Duration::from_secs(60), "never true: {expression}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Returns a server's answer to a GET request: the head, an empty line and the body.
pub fn get(url: &str) -> String {
    String::from_utf8_lossy(&get_with(url, "")).into_owned()
}

/// Returns the answer to a GET request with more header lines, which end with CR LF. One that starts with
/// `Host` replaces the default.
pub fn get_with(url: &str, head: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let host = if head.starts_with("Host") { String::new() } else { format!("Host: {host}\r\n") };
    write!(stream, "GET /{path} HTTP/1.1\r\n{host}Connection: close\r\n{head}\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
    let mut answer = Vec::new();
    let mut block = [0; 65536];
    // A stream of events never ends, so stop if nothing arrives for a while.
    while let Ok(count) = stream.read(&mut block) {
        if count == 0 {
            break;
        }
        answer.extend(&block[..count]);
    }
    answer
}
