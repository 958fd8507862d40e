use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

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
    /// Workers that run at once [default: one for each core]
    #[arg(long, short, global = true, value_name = "N", env = "MMM_JOBS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Folder of the cache [default: the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", env = "MMM_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Let no neural net listen or look: classical measures alone
    #[arg(long, global = true)]
    pub no_models: bool,
    /// Folder with a model of your own for beats, in the form of Beat This! (ONNX)
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "no_models")]
    pub beat_model: Option<PathBuf>,
    /// Folder with the only fonts for what the built-in ones lack [default: the machine's fonts]
    #[arg(long, global = true, value_name = "DIR", env = "MMM_FONTS")]
    pub fonts: Option<PathBuf>,
    /// What encodes final movies: `software`, `auto`, or an encoder such as h264_nvenc [default: software]
    #[arg(long, global = true, value_name = "ENCODER", env = "MMM_ENCODER")]
    pub encoder: Option<String>,
    /// Print JSON lines on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// Write a trace of what ran when, for Perfetto or chrome://tracing
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Say more: every step that ran, and why
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Look at a folder of media and write a movie.yaml for it
    Init(Init),
    /// Make what the spec names
    Build(Build),
    /// Make a draft at every change, and play it on a page of this machine
    Watch(Watch),
    /// Say what is wrong with a spec, without making anything
    Check(Check),
    /// Plan afresh and write movie.lock, without rendering
    Update(Update),
    /// Say why a part of the movie was made again
    Why(Why),
    /// Show the plan and its reasons, without rendering
    Plan(Plan),
    /// Show which shots differ between two cuts of a movie
    Diff(Diff),
    /// Show what the movie is made from, and how, as a graph
    Graph(Graph),
    /// Show facts about media files
    Analyze(Analyze),
    /// Show the beats of a piece of music
    Beats(Beats),
    /// Write the timeline for other programs
    Export(Export),
    /// Print the JSON Schema of movie.yaml
    Schema,
    /// Make cached things of a movie again and compare them
    Verify(Verify),
    /// Measure the finished movie, and say which figures do not hold
    Review(Review),
    /// Look after the cache
    Cache(Cache),
    /// Show what this machine has for making movies
    Doctor,
    /// Print a script that completes commands in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(ClapArgs, Debug)]
pub(super) struct Init {
    /// The folder of media
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub folder: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Build {
    #[command(flatten)]
    pub spec: Spec,
    /// Make only this output (may be given again)
    #[arg(long, value_name = "NAME")]
    pub output: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    pub profile: ProfileName,
    /// Say what would run, why, and for about how long, and run nothing
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
    /// Measure the finished movie, and end with 4 where a figure does not hold
    #[arg(long, conflicts_with = "dry_run")]
    pub gate: bool,
    /// Write the figures as JUnit XML, one test case each
    #[arg(long, value_name = "FILE", requires = "gate")]
    pub junit: Option<PathBuf>,
}

/// What must stay as it is.
#[derive(ClapArgs, Debug)]
pub(super) struct Freeze {
    /// End with 5 where movie.lock would have to change
    #[arg(long)]
    pub locked: bool,
    /// Let nothing leave the machine; no command reaches out as yet
    #[arg(long)]
    pub offline: bool,
    /// Both --locked and --offline
    #[arg(long)]
    pub frozen: bool,
}

/// How much care is taken with the picture.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum ProfileName {
    /// Small and quick, with the same cuts; written beside the movie as NAME.draft.mp4 (always MP4)
    Draft,
    #[default]
    Final,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Watch {
    #[command(flatten)]
    pub spec: Spec,
    /// Make the final movie as well, once nothing has changed for two seconds
    #[arg(long = "final")]
    pub finals: bool,
    /// The page's port on this machine [default: 7311, or else a free one]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Look at the files once a second, for network drives that can't tell of changes
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
    /// The spec
    #[arg(default_value = "movie.yaml", value_name = "SPEC")]
    pub path: PathBuf,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Plan {
    #[command(flatten)]
    pub spec: Spec,
    /// Only this output
    #[arg(long, value_name = "NAME")]
    pub output: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    pub spec: Spec,
    /// Look for another medium for this shot alone, as `mmm plan` counts them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub shot: Option<u32>,
    /// The output whose shot it is [default: the first]
    #[arg(long, value_name = "NAME", requires = "shot")]
    pub output: Option<String>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Why {
    /// The movie, as `movie.mp4` or `movie.draft.mp4`, or its poster or preview
    #[arg(value_name = "MOVIE")]
    pub target: PathBuf,
    /// The time that is asked about, as `12.5s` or `0:42` [default: the start]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub at: Option<Time>,
    /// The spec [default: movie.yaml beside the movie]
    #[arg(long, value_name = "SPEC")]
    pub spec: Option<PathBuf>,
}

/// A time as the spec writes it.
fn parse_time(text: &str) -> Result<Time, String> {
    read_time(text).ok_or_else(|| "write it as `12.5s` or `0:42`".to_owned())
}

#[derive(ClapArgs, Debug)]
pub(super) struct Diff {
    /// A movie.lock, a movie.yaml, or a revision of git
    #[arg(value_name = "A")]
    pub before: String,
    /// Another
    #[arg(value_name = "B")]
    pub after: String,
    /// The lock that is looked up in a revision, from this folder
    #[arg(long, value_name = "LOCK", default_value = "movie.lock")]
    pub lock: PathBuf,
    /// Write a page with the frames side by side
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Graph {
    #[command(flatten)]
    pub spec: Spec,
    #[arg(long, value_enum, default_value_t)]
    pub format: GraphFormat,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum GraphFormat {
    /// For Graphviz
    #[default]
    Dot,
    Json,
    /// For Markdown pages
    Mermaid,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Analyze {
    /// Photos, clips, music
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Draw a piece of music: waveform, energy, parts, bars and beats in one picture
    #[arg(long, value_name = "OUT.svg")]
    pub svg: Option<PathBuf>,
    /// The same as pixels, 1600 across
    #[arg(long, value_name = "OUT.png")]
    pub png: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Beats {
    /// The music
    #[arg(value_name = "MUSIC")]
    pub file: PathBuf,
    /// Write the music with a click on every beat, to hear them
    #[arg(long, value_name = "OUT.wav")]
    pub click: Option<PathBuf>,
    /// Write the beats as a list: a time and the place in the bar a line
    #[arg(long, value_name = "OUT.beats")]
    pub list: Option<PathBuf>,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Export {
    #[command(flatten)]
    pub spec: Spec,
    #[arg(long, value_enum, default_value_t)]
    pub format: ExportFormat,
    /// The output whose timeline is written [default: the first]
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
    /// How many are made again
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub sample: u32,
}

#[derive(ClapArgs, Debug)]
pub(super) struct Review {
    /// The spec, or a movie; a movie is held against its plan where the movie.yaml beside it names it
    #[arg(default_value = "movie.yaml", value_name = "SPEC|MOVIE")]
    pub target: PathBuf,
    /// Measure only this output (may be given again)
    #[arg(long, value_name = "NAME")]
    pub output: Vec<String>,
    /// Write the figures as JUnit XML, one test case each
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
    /// Show how much is in it
    Stats,
    /// Take out the longest unused until it is below its limit
    Gc {
        /// Bytes to come down to, as `2GB` [default: the cache's limit]
        #[arg(long, value_name = "SIZE", value_parser = super::config::parse_size)]
        limit: Option<u64>,
        /// Keep all that this movie needs (may be given again)
        #[arg(long, value_name = "SPEC")]
        keep: Vec<PathBuf>,
    },
    /// Read all of it and throw away what is damaged
    Verify,
    /// Empty it
    Clean,
}
