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
        // It says where it listens: "DevTools listening on ws://127.0.0.1:PORT/devtools/browser/ID".
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

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let wanted = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        self.call("Runtime.evaluate", wanted)["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(expression) != json!(true) {
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

/// What a server answers to a plain request: head, an empty line, body.
pub fn get(url: &str) -> String {
    String::from_utf8_lossy(&get_with(url, "")).into_owned()
}

/// The same with more lines in the head, each ended by CR LF; one that starts with `Host` replaces
/// the right one.
pub fn get_with(url: &str, head: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let host = if head.starts_with("Host") { String::new() } else { format!("Host: {host}\r\n") };
    write!(stream, "GET /{path} HTTP/1.1\r\n{host}Connection: close\r\n{head}\r\n").unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(1500))).unwrap();
    let mut answer = Vec::new();
    let mut block = [0; 65536];
    // Events have no end: what comes until it is quiet will do.
    while let Ok(count) = stream.read(&mut block) {
        if count == 0 {
            break;
        }
        answer.extend(&block[..count]);
    }
    answer
}
