use super::Diagnostic;

pub fn render(_d: &Diagnostic) -> String {
    String::new()
}
pub fn render_json(_d: &Diagnostic) -> String {
    String::new()
}
