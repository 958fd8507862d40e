//! Tests from outside: they run the mmm program on real media, and read the finished files with ffprobe and
//! ffmpeg.
#![allow(clippy::disallowed_methods, reason = "the tests run programs and read files")]

mod browser;
mod measure;
mod media;
mod space;
mod tools;

mod architecture;
mod bad_input;
mod cache;
mod capture_times;
mod colours;
mod commands;
mod damaged;
mod diff_page;
mod docs;
mod drafts;
mod encoders;
mod examples;
mod frame_rate;
mod framing;
mod full_disk;
mod golden;
mod hostile;
mod incremental;
mod interruptions;
mod levels;
mod lock;
mod movie;
mod permissions;
mod photos;
mod pictures;
mod planted_faults;
mod processors;
mod reasons;
mod review;
mod sound;
mod speed;
mod steady;
mod sync;
mod titles;
mod transitions;
mod watch;
mod watch_page;
mod webm;
