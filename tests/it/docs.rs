//! Checks that the documentation agrees with the repository.

use std::fs;
use std::path::Path;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn every_dependency_is_documented() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let page = read("docs/dependencies.md");
    let dependencies = manifest["workspace"]["dependencies"].as_table().unwrap();
    let foreign = || dependencies.keys().filter(|name| !name.starts_with("mmm-"));
    for name in foreign() {
        assert!(page.contains(&format!("- `{name}`")), "docs/dependencies.md has no line for `{name}`");
    }
    for line in page.lines().filter_map(|line| line.strip_prefix("- `")) {
        let name = line.split('`').next().unwrap();
        assert!(
            dependencies.contains_key(name),
            "docs/dependencies.md names `{name}`, which is not a dependency"
        );
    }
    assert!(foreign().count() > 40);
}

#[test]
fn every_yaml_block_of_the_readme_is_a_spec() {
    let page = read("README.md");
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        let yaml = block.split("```").next().unwrap();
        let parsed = mmm_spec::parse(yaml.as_bytes());
        assert!(parsed.movie.is_some(), "{yaml}\n{:?}", parsed.diagnostics);
    }
}

#[test]
fn links_between_pages_resolve() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = ["README.md", "docs", "docs/decisions", "fixtures", "examples/first-movie"];
    let mut checked = 0;
    for place in pages {
        let place = root.join(place);
        let files: Vec<_> = if place.is_dir() {
            fs::read_dir(&place).unwrap().flatten().map(|entry| entry.path()).collect()
        } else {
            vec![place]
        };
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "md")) {
            let text = fs::read_to_string(file).unwrap();
            for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let target = link.split('#').next().unwrap();
                if target.is_empty() || target.contains("://") {
                    continue;
                }
                let path = file.parent().unwrap().join(target);
                assert!(path.exists(), "{} links to {link}", file.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 5);
}

#[test]
fn every_code_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = read("crates/base/src/diagnostics/codes.rs");
    let names = table.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(" \"mmm::"));
    let mut text = String::new();
    let mut folders = vec![root.join("src"), root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => text += &fs::read_to_string(path).unwrap(),
            }
        }
    }
    let mut count = 0;
    for (name, _) in names {
        assert!(text.contains(&format!("Code::{name}")), "no code reports {name}");
        count += 1;
    }
    assert!(count > 30);
}
