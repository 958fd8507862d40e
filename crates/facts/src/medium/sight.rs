use mmm_base::{Score, Time};
use serde::{Deserialize, Serialize};

use crate::{PictureFeatures, SubjectBox};

/// What models see in a picture. No identities are computed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Sight {
    /// The faces, the most certain first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faces: Vec<SeenFace>,
    /// The objects, the most certain first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<SeenObject>,
    /// What the picture as a whole shows, the most probable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<SeenTag>,
    pub features: PictureFeatures,
}

/// What models see at one time of a clip.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SightMoment {
    pub time: Time,
    pub sight: Sight,
}

impl Sight {
    /// A face belongs to the people that a picture is about if its side is at least this share of the largest
    /// face's; smaller ones are of passers-by.
    pub const MAIN_FACE: f64 = 0.4;

    /// Returns the faces that the picture is about, the most certain first.
    pub fn main_faces(&self) -> Vec<SeenFace> {
        let side = |face: &SeenFace| face.area.area().sqrt();
        let largest = self.faces.iter().map(side).fold(0.0, f64::max);
        self.faces.iter().filter(|face| side(face) >= largest * Self::MAIN_FACE).copied().collect()
    }
}

/// A face.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SeenFace {
    /// The box around it, from the hairline to the chin; its weight is how certain it is.
    #[serde(rename = "box")]
    pub area: SubjectBox,
    /// How far it smiles, 0..=1; `None` if it is too small or turned away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smile: Option<Score>,
    /// How far its eyes are open: 0 closed … 1 open; `None` if it is too small or turned away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eyes_open: Option<Score>,
}

/// An object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SeenObject {
    pub kind: ObjectKind,
    /// The box around it; its weight is how certain it is.
    #[serde(rename = "box")]
    pub area: SubjectBox,
}

/// A kind of object: its number among the 80 of COCO (Lin and others, 2014), counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectKind(pub u8);

impl ObjectKind {
    pub const PERSON: Self = Self(0);
}

/// Something that a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SeenTag {
    pub tag: Tag,
    /// How probable it is, 0..=1.
    pub confidence: Score,
}

/// What a picture shows: its number among the 1,000 classes of ImageNet (Deng and others, 2009), counted from
/// 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(pub u16);

impl Tag {
    /// Whether it is an animal; ImageNet lists those first.
    pub fn is_animal(self) -> bool {
        self.0 < 398
    }
}
