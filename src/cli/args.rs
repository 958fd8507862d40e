use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::parse_size::parse_size;
use mmm_base::Time;
use mmm_spec::read_time;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// A compiler for movies: photos, clips and a song in, a movie cut to the beat out.
#[derive(Parser, Debug)]
#[command(name = "mmm", version, styles = STYLES, max_term_width = 100)]
pub(super) struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(ClapArgs, Debug)]
pub(super) struct Common {
    /// Run at most N workers at once [default: one per core]
    #[arg(long, short, global = true, value_name = "N", env = "MMM_JOBS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Keep the cache in this folder [default: the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", env = "MMM_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Disable neural networks; use classical analysis only
    #[arg(long, global = true)]
    pub no_models: bool,
    /// Use your own beat model from this folder: Beat This! as ONNX
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "no_models")]
    pub beat_model: Option<PathBuf>,
    /// Match photos with prompts and queries by your own models from this folder: a pair like CLIP as ONNX
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "no_models")]
    pub clip: Option<PathBuf>,
    /// Use this folder for characters the built-in fonts lack [default: the system's fonts]
    #[arg(long, global = true, value_name = "DIR", env = "MMM_FONTS")]
    pub fonts: Option<PathBuf>,
    /// Encode final movies with `software`, `auto`, or an encoder such as h264_nvenc [default: software]
    #[arg(long, global = true, value_name = "ENCODER", env = "MMM_ENCODER")]
    pub encoder: Option<String>,
    /// Print JSON Lines on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Write a trace of the build to FILE, for Perfetto or chrome://tracing
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Print every action that ran, and why
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Print errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Write a movie.yaml for a folder of media
    Init(Init),
    /// Build the movies that the spec names
    Build(Build),
    /// Build a draft after every change and play it on a local web page
    Watch(Watch),
    /// Check a spec for mistakes without building
    Check(Check),
    /// Plan again from scratch and write movie.lock, without rendering
    Update(Update),
    /// Explain why a part of the movie was rendered again
    Why(Why),
    /// Show the plan and its reasons, without rendering
    Plan(Plan),
    /// Show the shots that differ between two cuts of a movie
    Diff(Diff),
    /// Print the files and actions that a movie depends on, as a graph
    Graph(Graph),
    /// Show facts about media files
    Analyze(Analyze),
    /// Show the beats and sections of a piece of music
    Beats(Beats),
    /// Print the timeline for other programs
    Export(Export),
    /// Print the JSON Schema of movie.yaml
    Schema,
    /// Run cached actions of a movie again and compare the results
    Verify(Verify),
    /// Measure the finished movie and report the figures that fail
    Review(Review),
    /// Show, shrink, check or empty the cache
    Cache(Cache),
    /// Show the libraries, encoders and models on this machine
    Doctor,
    /// Print a shell completion script
    Completions {
        /// Shell to complete commands in
        shell: Shell,
    },
}

#[derive(ClapArgs, Debug)]
pub(super) struct Init {
    /// Folder of media
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub folder: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Build {
    #[command(flatten)]
    pub spec: Spec,
    /// Build only this output (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub output: Vec<String>,
    /// Quality of the build
    #[arg(long, value_enum, default_value_t)]
    pub profile: ProfileName,
    /// Print what would run, why, and how long it would take; run nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub freeze: Freeze,
    #[command(flatten)]
    pub gate: Gate,
}

/// What the finished movie must pass.
#[derive(ClapArgs, Debug)]
pub(super) struct Gate {
    /// Measure the finished movie; exit with status 4 if a figure fails
    #[arg(long, conflicts_with = "dry_run")]
    pub gate: bool,
    /// Write the figures as JUnit XML, one test case per figure
    #[arg(long, value_name = "FILE", requires = "gate")]
    pub junit: Option<PathBuf>,
}

/// What a build must not change or use.
#[derive(ClapArgs, Debug)]
pub(super) struct Freeze {
    /// Exit with status 5 if movie.lock would have to change
    #[arg(long)]
    pub locked: bool,
    /// Forbid network access (no command uses the network yet)
    #[arg(long)]
    pub offline: bool,
    /// Use --locked and --offline together
    #[arg(long)]
    pub frozen: bool,
}

/// The quality of the picture.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum ProfileName {
    /// Small and fast, with the same cuts; written next to the movie as NAME.draft.mp4 (always MP4)
    Draft,
    /// Full size and quality
    #[default]
    Final,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Watch {
    #[command(flatten)]
    pub spec: Spec,
    /// Also build the final movie once nothing has changed for two seconds
    #[arg(long = "final")]
    pub finals: bool,
    /// Serve the page on this port [default: 7311, or a free port if 7311 is taken]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Check the files once per second, for network drives that report no changes
    #[arg(long)]
    pub poll: bool,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Check {
    #[command(flatten)]
    pub spec: Spec,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Spec {
    /// Spec file, or a folder with a movie.yaml
    #[arg(default_value = "movie.yaml", value_name = "SPEC")]
    pub path: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Plan {
    #[command(flatten)]
    pub spec: Spec,
    /// Show only this output
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    pub spec: Spec,
    /// Replace the media of this shot only; `mmm plan` shows the shot numbers
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub shot: Option<u32>,
    /// Output that the shot belongs to [default: the first]
    #[arg(long, value_name = "NAME", requires = "shot")]
    pub output: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Why {
    /// Movie (such as `movie.mp4` or `movie.draft.mp4`), or its poster or preview
    #[arg(value_name = "MOVIE")]
    pub target: PathBuf,
    /// Time in the movie, such as `12.5s` or `0:42` [default: the start]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<Time>,
    /// Spec file [default: movie.yaml next to the movie]
    #[arg(long, value_name = "SPEC")]
    pub spec: Option<PathBuf>,
}

/// Parses a time in the notation of the spec.
fn parse_time(text: &str) -> Result<Time, String> {
    read_time(text).ok_or_else(|| "write it as `12.5s` or `0:42`".to_owned())
}

#[derive(ClapArgs, Debug)]
pub(super) struct Diff {
    /// Old cut: a movie.lock, a movie.yaml, or a git revision
    #[arg(value_name = "A")]
    pub before: String,
    /// New cut, given in the same way
    #[arg(value_name = "B")]
    pub after: String,
    /// Path of the lock in a git revision, relative to the current folder
    #[arg(long, value_name = "LOCK", default_value = "movie.lock")]
    pub lock: PathBuf,
    /// Write an HTML page with the frames side by side
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Graph {
    #[command(flatten)]
    pub spec: Spec,
    /// Format of the graph
    #[arg(long, value_enum, default_value_t)]
    pub format: GraphFormat,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum GraphFormat {
    /// DOT, for Graphviz
    #[default]
    Dot,
    /// JSON, for other programs
    Json,
    /// Mermaid, for Markdown pages
    Mermaid,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Analyze {
    /// Photos, clips or music, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Rank photos and clips by how well they match a query, such as "kids at the beach"
    #[arg(long = "match", value_name = "QUERY", conflicts_with_all = ["svg", "png"])]
    pub query: Option<String>,
    /// Write a contact sheet of photos and clips with scores, boxes and tags, and why each is good or not
    #[arg(long, value_name = "OUT.html", conflicts_with_all = ["svg", "png"])]
    pub html: Option<PathBuf>,
    /// Draw a piece of music as SVG: waveform, energy, sections, bars and beats
    #[arg(long, value_name = "OUT.svg")]
    pub svg: Option<PathBuf>,
    /// Draw the same picture as PNG, 1600 pixels wide
    #[arg(long, value_name = "OUT.png")]
    pub png: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Beats {
    /// Music file
    #[arg(value_name = "MUSIC")]
    pub file: PathBuf,
    /// Write the music with a click on every beat, so that you can hear the beats
    #[arg(long, value_name = "OUT.wav")]
    pub click: Option<PathBuf>,
    /// Write the beats as a list; each line has a time and a place in the bar
    #[arg(long, value_name = "OUT.beats")]
    pub list: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Export {
    #[command(flatten)]
    pub spec: Spec,
    /// Format of the timeline
    #[arg(long, value_enum, default_value_t)]
    pub format: ExportFormat,
    /// Print the timeline of this output [default: the first]
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum ExportFormat {
    #[default]
    Json,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Verify {
    #[command(flatten)]
    pub spec: Spec,
    /// Run this many actions again
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub sample: u32,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Review {
    /// Spec or movie; a movie is compared with its plan if the movie.yaml next to it names it
    #[arg(default_value = "movie.yaml", value_name = "SPEC|MOVIE")]
    pub target: PathBuf,
    /// Measure only this output (may be repeated)
    #[arg(long, value_name = "NAME")]
    pub output: Vec<String>,
    /// Write the figures as JUnit XML, one test case per figure
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Cache {
    #[command(subcommand)]
    pub command: CacheCommand,
}

#[derive(Subcommand, Debug)]
pub(super) enum CacheCommand {
    /// Show the size of the cache
    Stats,
    /// Remove the least recently used entries until the cache is below its limit
    Gc {
        /// Shrink the cache to this size, such as `2GB` [default: the cache limit]
        #[arg(long, value_name = "SIZE", value_parser = parse_size)]
        limit: Option<u64>,
        /// Keep everything that this movie needs (may be repeated)
        #[arg(long, value_name = "SPEC")]
        keep: Vec<PathBuf>,
    },
    /// Read every entry and remove the damaged ones
    Verify,
    /// Remove every entry
    Clean,
}
