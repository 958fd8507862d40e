use super::shape::Word;
use super::{
    Aspect, ClipSound, Codec, CutOn, Fit, FrameRate, FrameSize, LivePhotos, Look, Order, Pace, PhotoMotion,
    Quality, Role, Target, TransitionKind,
};

/// A type whose values are words of the language.
pub(super) trait Choice: Copy + 'static {
    const WORDS: &'static [Word];
    /// The values, in the order of their words.
    const ALL: &'static [Self];

    /// Returns the value of a word.
    fn of(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|known| known.name == word)?;
        Self::ALL.get(at).copied()
    }

    /// Returns the word of a value.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::ALL.iter().zip(Self::WORDS).find(|(value, _)| **value == self).map_or("", |(_, word)| word.name)
    }
}

macro_rules! choice {
    ($type:ident { $($value:ident = $word:literal, $doc:literal;)* }) => {
        impl Choice for $type {
            const WORDS: &'static [Word] = &[$(Word { name: $word, doc: $doc }),*];
            const ALL: &'static [Self] = &[$(Self::$value),*];
        }
    };
}

choice! { Aspect {
    Wide = "16:9", "Televisions and computers.";
    Tall = "9:16", "Phones held upright.";
    Square = "1:1", "A square.";
    Portrait = "4:5", "Upright, for social feeds.";
    Classic = "4:3", "Old televisions and many cameras.";
    Cinema = "21:9", "Cinema widescreen.";
}}

choice! { Codec {
    H264 = "h264", "Plays everywhere.";
    Hevc = "hevc", "Smaller files, slower to encode; plays on phones and newer televisions.";
    Av1 = "av1", "The smallest files; plays in browsers and on the newest devices.";
}}

choice! { FrameSize {
    P480 = "480", "For small files.";
    P720 = "720", "HD.";
    P1080 = "1080", "Full HD.";
    P1440 = "1440", "Between Full HD and 4K.";
    P2160 = "2160", "4K.";
}}

choice! { Quality {
    Small = "small", "About half the size of `good`; fine detail softens.";
    Good = "good", "Hard to tell from the original while the movie plays.";
    Best = "best", "About twice the size of `good`; hard to tell from the original in a still picture.";
}}

choice! { Target {
    Whatsapp = "whatsapp", "A video in a WhatsApp chat.";
    Discord = "discord", "A file in a Discord chat, without Nitro.";
    InstagramReel = "instagram-reel", "A reel on Instagram.";
    Youtube = "youtube", "A video on YouTube.";
    Tv = "tv", "A file on a USB stick or a media server, for a television.";
}}

choice! { FrameRate {
    Auto = "auto", "The rate of most clips, weighted by length, or half of it if it is 50 or more; 30 without clips. A movie keeps the rate in its lock.";
    NtscFilm = "23.976", "Exactly 24000/1001.";
    Film = "24", "The rate of cinema.";
    Pal = "25", "The rate of European television.";
    Ntsc = "29.97", "Exactly 30000/1001.";
    Thirty = "30", "The rate of most phones.";
    Fifty = "50", "Twice as smooth, for clips of 50 fps or more.";
    NtscSixty = "59.94", "Exactly 60000/1001.";
    Sixty = "60", "Twice as smooth, for clips of 60 fps or more.";
}}

choice! { Pace {
    Auto = "auto", "Follows the energy of the music.";
    Calm = "calm", "Long shots throughout.";
    Steady = "steady", "Shots of nearly the same length.";
    Lively = "lively", "Short shots throughout.";
}}

choice! { TransitionKind {
    Cut = "cut", "An instant change from one frame to the next.";
    Dissolve = "dissolve", "One shot fades into the other.";
    Dip = "dip", "One shot fades to black, or to the colour of `dip`, and the next fades in from it. The movie starts and ends in the same way.";
    Wipe = "wipe", "The next shot is uncovered from left to right, behind a soft edge.";
    Slide = "slide", "The next shot pushes the previous one out to the left.";
    Zoom = "zoom", "Zooms into the middle of one shot and out of the middle of the next.";
}}

choice! { PhotoMotion {
    KenBurns = "ken-burns", "Photos move slowly, towards their subject or away from it.";
    Still = "still", "Photos do not move.";
}}

choice! { LivePhotos {
    Auto = "auto", "A live photo plays if it moves and is steady and sharp.";
    Still = "still", "Only its photo is shown.";
    Play = "play", "It always plays, if its moving picture can be read.";
}}

choice! { Fit {
    Auto = "auto", "Crop if little is lost, otherwise fill.";
    Crop = "crop", "Fill the frame and cut off the edges.";
    Fill = "fill", "The whole picture, on a blurred copy of itself.";
    Contain = "contain", "The whole picture, on black.";
}}

choice! { Look {
    Natural = "natural", "Unmodified colours.";
    Warm = "warm", "Like the light of a late afternoon.";
    Cool = "cool", "Like the shade on a clear day.";
    Film = "film", "Softer blacks and whites and calmer colours, like a film print.";
    BlackAndWhite = "black-and-white", "Greys, with a little more contrast.";
}}

choice! { Order {
    Chronological = "chronological", "By capture time; media without one keep their place in the list.";
    AsListed = "as-listed", "By the entries of `media`, files of one entry by name.";
}}

choice! { CutOn {
    Beat = "beat", "On beats.";
    Downbeat = "downbeat", "On the first beat of a bar.";
    Free = "free", "On a steady grid that ignores the music.";
}}

choice! { ClipSound {
    Auto = "auto", "Kept if the movie has no music or if someone speaks or sings, otherwise muted.";
    Keep = "keep", "Kept, under or over the music.";
    Mute = "mute", "Muted.";
}}

choice! { Role {
    Opening = "opening", "The first shot.";
    Ending = "ending", "The last shot.";
    Highlight = "highlight", "Chosen before others, and placed where the music is strongest.";
}}
