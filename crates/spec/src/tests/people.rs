//! Mistakes in rules about people and stars.

use super::mistakes::report;

#[test]
fn rules_that_cannot_be_read() {
    insta::assert_snapshot!(report(
        "media:\n  - { path: a, people: Anna or (Bob, rating: 7 }\n  - { path: b, people: \"Anna, Bob\", rating: 3..1 }\n"
    ), @r#"
    mmm::spec::bad-value

      × `people` can't be read: a `(` is not closed
       ╭─[movie.yaml:2:24]
     1 │ media:
     2 │   - { path: a, people: Anna or (Bob, rating: 7 }
       ·                        ──────┬─────
       ·                              ╰── this rule
     3 │   - { path: b, people: "Anna, Bob", rating: 3..1 }
       ╰────
      help: add `)`

    mmm::spec::bad-value

      × `rating` can't be `7`
       ╭─[movie.yaml:2:46]
     1 │ media:
     2 │   - { path: a, people: Anna or (Bob, rating: 7 }
       ·                                              ┬
       ·                                              ╰── not a range of stars
     3 │   - { path: b, people: "Anna, Bob", rating: 3..1 }
       ╰────
      help: write a number of stars from 1 to 5, or a range such as `3..`; `..2` is at most two stars

    mmm::spec::bad-value

      × `people` can't be read: a comma is neither `and` nor `or`
       ╭─[movie.yaml:3:24]
     2 │   - { path: a, people: Anna or (Bob, rating: 7 }
     3 │   - { path: b, people: "Anna, Bob", rating: 3..1 }
       ·                        ─────┬─────
       ·                             ╰── this rule
       ╰────
      help: write `and` or `or`; put a name with a comma in quotes

    mmm::spec::bad-value

      × `rating` can't be `3..1`
       ╭─[movie.yaml:3:45]
     2 │   - { path: a, people: Anna or (Bob, rating: 7 }
     3 │   - { path: b, people: "Anna, Bob", rating: 3..1 }
       ·                                             ──┬─
       ·                                               ╰── not a range of stars
       ╰────
      help: write a number of stars from 1 to 5, or a range such as `3..`; `..2` is at most two stars
    "#);
}

#[test]
fn numbers_of_shots_that_cannot_be_read() {
    insta::assert_snapshot!(report(
        "media: a\nconstraints:\n  people: { Anna: 3, Bob: 0.., Carla: ..2, anna: 2.. }\n"
    ), @r#"
    mmm::spec::bad-value

      × `Anna` takes the fewest shots, such as `3..`
       ╭─[movie.yaml:3:19]
     2 │ constraints:
     3 │   people: { Anna: 3, Bob: 0.., Carla: ..2, anna: 2.. }
       ·                   ┬
       ·                   ╰── not a number of shots
       ╰────
      help: write `3..` for at least 3 shots

    mmm::spec::bad-value

      × `Bob` takes the fewest shots, such as `3..`
       ╭─[movie.yaml:3:27]
     2 │ constraints:
     3 │   people: { Anna: 3, Bob: 0.., Carla: ..2, anna: 2.. }
       ·                           ─┬─
       ·                            ╰── not a number of shots
       ╰────
      help: write a number from 1 to 100 and `..`

    mmm::spec::bad-value

      × `Carla` takes the fewest shots, such as `3..`
       ╭─[movie.yaml:3:39]
     2 │ constraints:
     3 │   people: { Anna: 3, Bob: 0.., Carla: ..2, anna: 2.. }
       ·                                       ─┬─
       ·                                        ╰── not a number of shots
       ╰────
      help: write a number from 1 to 100 and `..`

    mmm::spec::duplicate-key

      × `anna` appears twice
       ╭─[movie.yaml:3:13]
     2 │ constraints:
     3 │   people: { Anna: 3, Bob: 0.., Carla: ..2, anna: 2.. }
       ·             ──┬─                           ──┬─
       ·               │                              ╰── again here
       ·               ╰── first here
       ╰────
      help: keep one of the two
    "#);
}
