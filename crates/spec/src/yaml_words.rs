/// What a message of the YAML parser means to somebody who writes a spec.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    /// Parts of the parser's messages. The first entry counts of which one is in a message.
    parts: &'static [&'static str],
    pub message: &'static str,
    pub label: &'static str,
    pub help: &'static str,
}

/// What the parser reports where text follows a complete value.
pub(super) const BEHIND_A_VALUE: &[&str] = &[
    "expected key",
    "expected <",
    "expected '-'",
    "simple key",
    "trailing content",
    "mapping values are not allowed",
];

/// Text behind a closed quote.
pub(super) const BEHIND_A_QUOTE: Plain = Plain {
    parts: &["trailing content"],
    message: "text follows a quote that is already closed",
    label: "here",
    help: "put the whole text in quotes; inside double quotes write `\\\"` for `\"`, inside single quotes `''` for `'`",
};

const PLAIN: &[Plain] = &[
    BEHIND_A_QUOTE,
    Plain {
        parts: &["comment intercepting"],
        message: "a comment interrupts a text of several lines",
        label: "the text goes on behind the comment",
        help: "move the comment above the text, or put quotes around the text; if the next line is a key, indent it like \
               this one",
    },
    Plain {
        parts: &["comments must be separated"],
        message: "a `#` stands right behind a value",
        label: "here",
        help: "put a space before the comment, or quotes around the text that contains `#`",
    },
    Plain {
        parts: &["quoted scalar, found unexpected"],
        message: "a quote is never closed",
        label: "the text ends here",
        help: "close the quote",
    },
    Plain {
        parts: &["indentation in quoted scalar"],
        message: "a text in quotes goes on in a line that isn't indented",
        label: "here",
        help: "indent the line further than the key, or close the quote before it",
    },
    Plain {
        parts: &["escape", "hexadecimal", "unknown escape character"],
        message: "`\\` in double quotes starts an unknown escape",
        label: "here",
        help: "use single quotes, or write `\\\\` for one `\\`",
    },
    Plain {
        parts: &["tab cannot", "tabs disallowed", "found a tab", "start with a tab"],
        message: "a tab is used where YAML allows only spaces",
        label: "here",
        help: "indent with spaces",
    },
    Plain {
        parts: &["block scalar, found an indentation", "block scalar, did not find"],
        message: "`|` or `>` starts a text in the next line, but more follows in its own line",
        label: "here",
        help: "begin the text in the next line, or put quotes around it",
    },
    Plain {
        parts: &["mapping values are not allowed", "placement of ':'"],
        message: "the line contains a second `: `",
        label: "YAML reads this as another key",
        help: "put quotes around text that contains `: `, and write every key on its own line",
    },
    Plain {
        parts: &["':' may not", "':' must be followed"],
        message: "a `:` between a key and its value needs a space behind it",
        label: "here",
        help: "write a space behind the `:`, or put quotes around text that contains it",
    },
    Plain {
        parts: &["mapping keys are not allowed"],
        message: "`? ` starts a key where none can be",
        label: "here",
        help: "put quotes around text that starts with `?`",
    },
    Plain {
        parts: &[
            "\"-\" is only valid",
            "block sequence entries",
            "'-' must be",
            "start with '-'",
            "expected '-'",
        ],
        message: "an entry of a list can't start here",
        label: "here",
        help: "write every `- ` in its own line below the key, all with the same indentation, and put quotes around \
               text that starts with `-`",
    },
    Plain {
        parts: &["misplaced bracket"],
        message: "this bracket closes none that is open",
        label: "here",
        help: "remove it, or put quotes around the name or glob that contains it",
    },
    Plain {
        parts: &["parsing a flow mapping", "parsing a flow sequence", "flow construct"],
        message: "the brackets don't match",
        label: "here",
        help: "close every bracket, and separate what is in it by commas",
    },
    Plain {
        parts: &["byte order mark"],
        message: "an invisible byte order mark (U+FEFF) is in the middle of the text",
        label: "before this",
        help: "delete the invisible character, or write the line anew",
    },
    Plain {
        parts: &["unprintable"],
        message: "a control character is in the text",
        label: "here",
        help: "delete the character, or write the line anew",
    },
    Plain {
        parts: &["after document end marker", "document end marker"],
        message: "the line `...` ends a YAML document, but the text goes on",
        label: "here",
        help: "remove the line `...`",
    },
    Plain {
        parts: &["recursion limit"],
        message: "brackets are nested too deeply",
        label: "here",
        help: "name folders or globs instead of nesting lists",
    },
    Plain {
        parts: &["unexpected eof"],
        message: "the text ends in the middle of a value",
        label: "the text ends here",
        help: "check quotes and brackets of the last lines",
    },
    Plain {
        parts: &[
            "indent",
            "did not find expected",
            "simple key",
            "expected whitespace",
            "end of plain scalar",
        ],
        message: "the text is not YAML from here on",
        label: "not expected here",
        help: "check that the line is indented like those beside it, and that its key ends in `: `",
    },
];

/// What is said about messages that are not listed.
const OTHER: Plain = Plain {
    parts: &[],
    message: "the text is not YAML from here on",
    label: "here",
    help: "check quotes, brackets and indentation of this line and the one above",
};

/// Returns what a message of the parser means.
pub(super) fn plain(info: &str) -> Plain {
    let is_meant = |plain: &&Plain| plain.parts.iter().any(|part| info.contains(part));
    PLAIN.iter().find(is_meant).copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of the parser that need no look at the line, besides those about directives, tags and anchors.
    const MESSAGES: &[&str] = &[
        "unexpected eof",
        "a byte order mark must not appear inside a document",
        "did not find expected <document start>",
        "while parsing a node, did not find expected node content",
        "while parsing a block mapping, did not find expected key",
        "while parsing a flow mapping, did not find expected ',' or '}'",
        "while parsing a flow sequence, expected ',' or ']'",
        "while parsing a block collection, did not find expected '-' indicator",
        "found unprintable character",
        "invalid content after document end marker",
        "invalid indentation",
        "did not find expected next token",
        "simple key expect ':'",
        "tabs disallowed within this context (block indentation)",
        "comment intercepting the multiline text",
        "expected whitespace",
        "simple key expected",
        "misplaced bracket",
        "recursion limit exceeded",
        "\"-\" is only valid inside a block",
        "block sequence entries are not allowed in this context",
        "'-' must be followed by a valid YAML whitespace",
        "while scanning a block scalar, found an indentation indicator equal to 0",
        "while scanning a block scalar, did not find expected comment or line break",
        "a block scalar content cannot start with a tab",
        "wrongly indented line in block scalar",
        "while scanning a quoted scalar, found unexpected document indicator",
        "while scanning a quoted scalar, found unexpected end of stream",
        "invalid indentation in quoted scalar",
        "tab cannot be used as indentation",
        "invalid trailing content after double-quoted scalar",
        "while parsing a quoted scalar, found unknown escape character",
        "while parsing a quoted scalar, did not find expected hexadecimal number",
        "while parsing a quoted scalar, found invalid Unicode character escape code",
        "invalid indentation in flow construct",
        "plain scalar cannot start with '-' followed by ,[]{}",
        "while scanning a plain scalar, found a tab",
        "unexpected end of plain scalar",
        "mapping keys are not allowed in this context",
        "tabs disallowed in this context",
        "':' may not precede any of `[{` in flow mapping",
        "':' must be followed by a valid YAML whitespace",
        "illegal placement of ':' indicator",
        "mapping values are not allowed in this context",
        "comments must be separated from other tokens by whitespace",
    ];

    #[test]
    fn every_message_of_the_parser_is_known() {
        for info in MESSAGES {
            let found = plain(info);
            assert!(!found.parts.is_empty(), "{info}");
        }
        assert_eq!(plain("something new").message, OTHER.message);
    }

    #[test]
    fn each_message_means_one_thing() {
        for info in MESSAGES {
            let mut meant = PLAIN.iter().filter(|one| one.parts.iter().any(|part| info.contains(part)));
            let first = meant.next().unwrap();
            let is_last = |one: &Plain| one.message == PLAIN[PLAIN.len() - 1].message;
            assert!(meant.all(is_last), "{info}: {}", first.message);
        }
        for plain in PLAIN {
            let is_used = |part: &&str| MESSAGES.iter().any(|info| info.contains(part));
            assert!(plain.parts.iter().all(is_used), "{plain:?}");
        }
    }
}
