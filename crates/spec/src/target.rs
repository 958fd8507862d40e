use serde::{Deserialize, Serialize};

use super::byte_size::bytes_text;
use super::{Aspect, Codec, Container, FrameRate, FrameSize, Quality, Settings};
use mmm_base::Time;

/// Where a movie will be shown. docs/outputs.md lists what each of them sets, with sources and dates.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Whatsapp,
    Discord,
    InstagramReel,
    Youtube,
    Tv,
}

/// A key with a value that a target rejects: the key, why, and what to write instead.
pub(super) struct Rejected {
    pub key: &'static str,
    pub why: String,
    pub instead: String,
}

impl Target {
    /// Returns its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whatsapp => "WhatsApp",
            Self::Discord => "Discord",
            Self::InstagramReel => "Instagram",
            Self::Youtube => "YouTube",
            Self::Tv => "a television",
        }
    }

    /// Returns the length of the longest movie that it accepts.
    pub fn longest(self) -> Option<Time> {
        match self {
            Self::InstagramReel => Some(Time::from_secs(180)),
            Self::Youtube => Some(Time::from_secs(12 * 3600)),
            Self::Whatsapp | Self::Discord | Self::Tv => None,
        }
    }

    /// Returns the length of the shortest movie that it accepts.
    pub fn shortest(self) -> Option<Time> {
        match self {
            Self::InstagramReel => Some(Time::from_secs(3)),
            Self::Youtube | Self::Whatsapp | Self::Discord | Self::Tv => None,
        }
    }

    /// Returns the bytes of the largest file that it accepts.
    pub fn most_bytes(self) -> Option<u64> {
        match self {
            Self::Whatsapp => Some(16_000_000),
            Self::Discord => Some(10_000_000),
            Self::InstagramReel => Some(300_000_000),
            // FAT32, in which most USB sticks are formatted, ends at 4 GiB.
            Self::Tv => Some(4_000_000_000),
            Self::Youtube => None,
        }
    }

    /// Sets the keys of its bundle.
    pub(super) fn set(self, settings: &mut Settings) {
        settings.target = Some(self);
        settings.codec = Codec::H264;
        settings.rate = FrameRate::Auto;
        settings.quality = Quality::Good;
        settings.size = FrameSize::P1080;
        settings.max_size = self.most_bytes();
        match self {
            Self::Whatsapp | Self::Discord => settings.size = FrameSize::P720,
            Self::InstagramReel => {
                (settings.aspect, settings.rate) = (Aspect::Tall, FrameRate::Thirty);
            }
            Self::Youtube => {
                (settings.aspect, settings.quality) = (Aspect::Wide, Quality::Best);
            }
            Self::Tv => settings.aspect = Aspect::Wide,
        }
    }

    /// Returns the settings that it rejects or that don't play there.
    pub(super) fn rejected(self, settings: &Settings) -> Vec<Rejected> {
        let (codec, container) = (settings.codec, settings.container);
        let codecs: &[Codec] = match self {
            Self::Whatsapp => &[Codec::H264],
            Self::InstagramReel | Self::Tv => &[Codec::H264, Codec::Hevc],
            Self::Discord | Self::Youtube => &[Codec::H264, Codec::Hevc, Codec::Av1],
        };
        let containers: &[Container] = match self {
            Self::Whatsapp | Self::Tv => &[Container::Mp4],
            Self::InstagramReel => &[Container::Mp4, Container::Mov],
            Self::Discord | Self::Youtube => &Container::ALL,
        };
        let mut found = Vec::new();
        if !containers.contains(&container) {
            let why = format!("{} does not play `{}` files", self.name(), container.ending());
            found.push(Rejected { key: "", why, instead: "end the name in `.mp4`".to_owned() });
        } else if !codecs.contains(&codec) {
            let why = match codec {
                Codec::H264 => "H.264",
                Codec::Hevc => "HEVC",
                Codec::Av1 => "AV1",
            };
            let why = format!("{} does not play {why} video", self.name());
            found.push(Rejected { key: "codec", why, instead: "write `codec: h264`".to_owned() });
        }
        if let Some(most) = self.most_bytes()
            && settings.max_size.is_none_or(|size| size > most)
        {
            let most = bytes_text(most);
            let why = format!("{} does not take files of more than {most}", self.name());
            found.push(Rejected { key: "max-size", why, instead: format!("write `max-size: {most}`") });
        }
        let most = match (self, codec) {
            // Level 4.2; 4K needs 5.1, which televisions decode as HEVC.
            (Self::Tv, Codec::H264) => FrameSize::P1080,
            // At most 1920 pixels across.
            (Self::InstagramReel, _) if settings.aspect == Aspect::Tall => FrameSize::P1440,
            (Self::InstagramReel, _) => FrameSize::P1080,
            _ => FrameSize::P2160,
        };
        if settings.size > most {
            let (size, most) = (settings.size.pixels(), most.pixels());
            let why = format!("{} does not take this video at `size: {size}`", self.name());
            let instead = match self {
                Self::Tv => format!("write `size: {most}` or `codec: hevc`"),
                _ => format!("write `size: {most}`"),
            };
            found.push(Rejected { key: "size", why, instead });
        }
        found
    }
}
