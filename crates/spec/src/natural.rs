use std::cmp::Ordering;
use std::iter::Peekable;
use std::str::Chars;

/// Compares names the way people sort them: runs of digits by their value, letters regardless of case, and
/// the files of a folder together. Names that are equal in this sense are compared by their text, so the
/// order is total.
pub(super) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                number_order(&number(&mut left), &number(&mut right))
            }
            (Some(x), Some(y)) => {
                left.next();
                right.next();
                rank(x).cmp(&rank(y))
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The end of a folder's name sorts before any letter.
fn rank(c: char) -> u32 {
    if c == '/' { 0 } else { u32::from(c.to_ascii_lowercase()) }
}

/// Consumes a run of digits and returns it without leading zeros.
fn number(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        if !digits.is_empty() || digit != '0' {
            digits.push(digit);
        }
    }
    digits
}

fn number_order(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_counted() {
        let mut names =
            ["IMG_10.jpg", "IMG_2.jpg", "img_3.jpg", "IMG_2b.jpg", "a/9", "a b/1", "a/10", "IMG_02.jpg"];
        names.sort_by(|a, b| natural_order(a, b));
        let wanted =
            ["a/9", "a/10", "a b/1", "IMG_02.jpg", "IMG_2.jpg", "IMG_2b.jpg", "img_3.jpg", "IMG_10.jpg"];
        assert_eq!(names, wanted);
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[aB0-2/. é]{0,6}", b in "[aB0-2/. é]{0,6}", c in "[aB0-2/. é]{0,6}") {
            prop_assert_eq!(natural_order(&a, &b), natural_order(&b, &a).reverse());
            prop_assert_eq!(natural_order(&a, &b) == Ordering::Equal, a == b);
            if natural_order(&a, &b).is_le() && natural_order(&b, &c).is_le() {
                prop_assert!(natural_order(&a, &c).is_le());
            }
        }
    }
}
