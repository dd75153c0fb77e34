//! A small element tree, written the way the vendor's tools indent metadata files.

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";

/// One element: a name and either text or children.
#[derive(Debug)]
pub(super) struct Element {
    name: &'static str,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// An element without content.
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, text: String::new(), children: Vec::new() }
    }

    /// Adds a child that holds `text`.
    pub(super) fn leaf(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.children.push(Self { name, text: text.into(), children: Vec::new() });
        self
    }

    /// Adds a child that holds `true` or `false`.
    pub(super) fn flag(self, name: &'static str, value: bool) -> Self {
        self.leaf(name, if value { "true" } else { "false" })
    }

    /// Adds a child when there is a text for it.
    pub(super) fn optional(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.leaf(name, text),
            None => self,
        }
    }

    /// Adds a child element.
    pub(super) fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// Adds children in order.
    pub(super) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// Has neither text nor children.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.children.is_empty()
    }

    /// The whole file: declaration, this element as root, line feed at the end.
    pub(super) fn document(&self) -> Vec<u8> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let attributes = format!(" xmlns=\"{NAMESPACE}\"");
        self.write(&mut out, 0, &attributes);
        out.into_bytes()
    }

    fn write(&self, out: &mut String, depth: usize, attributes: &str) {
        let indent = "    ".repeat(depth);
        for part in [indent.as_str(), "<", self.name, attributes, ">"] {
            out.push_str(part);
        }
        out.push_str(&escaped(&self.text));
        if !self.children.is_empty() {
            out.push('\n');
            for child in &self.children {
                child.write(out, depth + 1, "");
            }
            out.push_str(&indent);
        }
        for part in ["</", self.name, ">\n"] {
            out.push_str(part);
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}
