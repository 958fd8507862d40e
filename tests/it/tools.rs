//! The programs that the tests run.

use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::space::Run;

/// Returns a command for a program. Fails if the program is not installed, so that no test passes without it.
#[track_caller]
pub fn tool(name: &str) -> Command {
    let Some(path) = program(name) else {
        panic!("`{name}` is not installed: run `scripts/setup.sh tests`");
    };
    Command::new(path)
}

/// Returns a command for Chromium or Google Chrome.
#[track_caller]
pub fn chromium() -> Command {
    // Ubuntu has a script with this name that only tells how to install the snap.
    let starts = |path: &PathBuf| {
        let version = Command::new(path).arg("--version").stdin(Stdio::null()).output();
        version.is_ok_and(|output| output.status.success())
    };
    let names = ["chromium", "chromium-browser", "google-chrome"];
    match names.into_iter().filter_map(program).find(starts) {
        Some(path) => Command::new(path),
        None => panic!("Chromium is not installed: run `scripts/setup.sh tests`"),
    }
}

/// Returns the path of an executable file in `PATH`.
fn program(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| {
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    })
}

/// Runs ffmpeg, which must succeed.
#[track_caller]
pub fn ffmpeg(args: &[&str]) {
    let output = tool("ffmpeg").args(["-v", "error", "-y"]).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Whether the tests run as root, whom permissions don't stop.
pub fn is_root() -> bool {
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

/// Runs git in a folder, without the settings of the user.
#[track_caller]
pub fn git(folder: &Path, args: &[&str]) {
    let output = tool("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Sends Ctrl-C to a running process.
#[track_caller]
pub fn interrupt(child: &Child) {
    let status = tool("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success(), "kill: {status}");
}

/// Runs a command for which `folder` is an empty disk of 200 kB. No other process sees that disk, and it
/// disappears when the command ends.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn run_on_small_disk(command: &Command, folder: &Path) -> Run {
    run_on_disk(command, folder, "mount -t tmpfs -o size=200k tmpfs \"$0\"")
}

/// Runs a command for which `folder` is a disk that holds what the folder holds and has no space left. Returns
/// the names that are in the folder afterwards, too.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn run_on_full_disk(command: &Command, folder: &Path) -> (Run, Vec<String>) {
    let names = folder.parent().unwrap().join("names-on-the-full-disk");
    let mut listed = Command::new("sh");
    listed.args(["-c", "\"$@\"; code=$?; ls -A . > \"$0\"; exit $code"]).arg(&names);
    listed.arg(command.get_program()).args(command.get_args()).current_dir(folder);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => listed.env(name, value),
            None => listed.env_remove(name),
        };
    }
    let fill = "copy=$(mktemp -d) && cp -a \"$0/.\" \"$copy\" && mount -t tmpfs -o size=40m tmpfs \"$0\" \
        && cp -a \"$copy/.\" \"$0\" && rm -r \"$copy\" && cd \"$0\" \
        && { dd if=/dev/zero of=filler bs=4k 2>/dev/null; true; }";
    let ran = run_on_disk(&listed, folder, fill);
    let names = std::fs::read_to_string(names).unwrap();
    (ran, names.lines().map(str::to_owned).collect())
}

/// Runs a command after a script has mounted a disk at `folder`, which is its `$0`.
#[cfg(target_os = "linux")]
#[track_caller]
fn run_on_disk(command: &Command, folder: &Path, mount: &str) -> Run {
    let in_namespace = |script: &str| {
        let mut unshare = tool("unshare");
        if !is_root() {
            unshare.args(["--user", "--map-root-user"]);
        }
        unshare.args(["--mount", "sh", "-c", script]).arg(folder);
        unshare
    };
    let mounted = in_namespace(mount).output().unwrap();
    assert!(
        mounted.status.success(),
        "no small disk can be mounted: {}\nrun the tests as root, or allow user namespaces: \
         sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        String::from_utf8_lossy(&mounted.stderr).trim()
    );
    let mut confined = in_namespace(&format!("{mount} && exec \"$@\""));
    confined.arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    confined.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => confined.env(name, value),
            None => confined.env_remove(name),
        };
    }
    confined.output().map(Run::from).unwrap()
}
