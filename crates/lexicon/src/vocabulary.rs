/// Words that turn what follows, up to the end of the clause, into what there should be less of.
pub(crate) const LESS: &[&str] = &[
    "fewer",
    "less",
    "no",
    "not",
    "without",
    "avoid",
    "skip",
    "except",
    "excluding",
    "exclude",
    "hide",
    "dont",
    "doesnt",
    "never",
    "omit",
    "minus",
    "nor",
    "neither",
    "remove",
    "ignore",
    "hardly",
];
/// Pairs of words that do the same.
pub(crate) const LESS_PAIRS: &[[&str; 2]] = &[
    ["other", "than"],
    ["apart", "from"],
    ["aside", "from"],
    ["leave", "out"],
    ["anything", "but"],
    ["everything", "but"],
    ["all", "but"],
    ["instead", "of"],
    ["rather", "than"],
    ["free", "of"],
];
/// Words that ask for more of what follows.
pub(crate) const MORE: &[&str] = &[
    "more",
    "many",
    "much",
    "lots",
    "mostly",
    "especially",
    "mainly",
    "plenty",
    "prefer",
    "favour",
    "favor",
];
/// Words that leave out all that the clause does not name.
pub(crate) const ONLY: &[&str] = &["only", "solely", "exclusively"];
/// Pairs of words that do the same.
pub(crate) const ONLY_PAIRS: &[[&str; 2]] = &[["nothing", "but"], ["none", "but"], ["nothing", "except"]];
/// Pairs of words that look like a negation or a limit and are none.
pub(crate) const ALSO_PAIRS: &[[&str; 2]] = &[["not", "only"], ["not", "just"], ["no", "matter"]];
/// Words after which a negation no longer holds.
pub(crate) const TURNS: &[&str] = &["but", "however", "though", "although", "yet", "otherwise"];
/// Words between two things of which either is welcome.
pub(crate) const JOINTS: &[&str] = &["and", "or", "nor", "plus", "also", "as"];
/// Words between two things of one picture.
pub(crate) const LINKS: &[&str] = &[
    "about", "above", "across", "against", "along", "among", "around", "at", "before", "behind", "below",
    "beneath", "beside", "between", "beyond", "by", "during", "for", "from", "in", "inside", "into", "near",
    "of", "off", "on", "onto", "outside", "over", "through", "to", "towards", "under", "upon", "with",
    "within",
];

/// Words that say nothing about what is in a picture: small words, and those for pace, length, order and
/// format.
pub(crate) const PLAIN: &str = "\
a an the our my your his her their its we i me us you he she they them it that this these those then than
there here is are was were be been being has have had do does did can could should would will may might
must let lets some any all each every both such so too very really quite just even when where while which
who what how if because one two few several lot bit little big small great good nice beautiful pretty cute
lovely amazing best better favourite favorite new own other another again always maybe please thanks up
down out everything anything something nothing thing stuff kind type s t

movie video film photo photograph picture image pic shot clip footage scene slideshow montage trailer reel
highlight story recap summary show showing make making create want like need use using include including contain
containing focus feature featuring add keep give put cut taken get see look looking feel

calm slow slower slowly gentle quiet relaxed peaceful lively energetic fast faster quick quickly upbeat
dynamic pace paced tempo rhythm beat song music soundtrack transition effect mood style

second sec minute min hour long longer short shorter length duration

order chronological chronologically reverse random shuffle sorted first start beginning begin opening open
middle centre center halfway end ending finish finally last close closing next starting starts after later until day trip
holiday vacation

vertical horizontal square widescreen format aspect ratio mode orientation hd instagram
tiktok youtube st nd rd th am pm half
";

/// Words that no table of tags and objects knows, but that say something about a picture beside one that is
/// known: “an old dog”, “people dancing”.
pub(crate) const VAGUE: &str = "\
old young colourful colorful famous dangerous deep real whole full special interesting funny typical
various different same watching playing riding ride eating sleeping walking walk running standing sitting
having going doing enjoying taking visiting visit exploring break time moment memory world life place
";

/// Words that say something about the music or the format after one of these, and about the picture
/// otherwise.
pub(crate) const FORMATS: &[&str] = &["format", "mode", "orientation", "video", "movie", "aspect"];
