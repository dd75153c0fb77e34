//! How a server is to behave: the file of settings, then `GUAN_…` variables, then flags.

use crate::arguments::{Log, ServeArguments};
use crate::exit::usage;
use crate::serving::notices::{Notices, WrittenNotices};
use anyhow::Context as _;
use guan_engine::model::Span;
use guan_server::settings::{Front, Settings};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::Path;
use std::time::Duration;
use toml::{Table, Value};

/// The file of settings in the folder of an installation.
const FILE: &str = "guan.toml";
/// How often jobs run when nobody says.
const JOBS: Duration = Duration::from_secs(30);

/// The names of all settings in a file; as a variable each is written in capitals after `GUAN_`.
pub(crate) const NAMES: [&str; 18] = [
    "listen",
    "database",
    "log",
    "log_questions",
    "front",
    "proxies",
    "body_bytes_max",
    "upload_bytes_max",
    "request_s",
    "head_s",
    "send_s",
    "connections_max",
    "stop_s",
    "requests_at_once",
    "caller_rate",
    "address_rate",
    "session_idle_min",
    "session_length_min",
];

/// The settings as they are written; what is absent stays as it is by default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    listen: Option<SocketAddr>,
    database: Option<String>,
    log: Option<Log>,
    log_questions: Option<bool>,
    front: Option<WrittenFront>,
    proxies: Option<Vec<IpAddr>>,
    body_bytes_max: Option<NonZeroUsize>,
    upload_bytes_max: Option<NonZeroUsize>,
    request_s: Option<NonZeroU64>,
    head_s: Option<NonZeroU64>,
    send_s: Option<NonZeroU64>,
    connections_max: Option<NonZeroUsize>,
    stop_s: Option<u64>,
    requests_at_once: Option<NonZeroUsize>,
    caller_rate: Option<NonZeroU32>,
    address_rate: Option<NonZeroU32>,
    session_idle_min: Option<NonZeroU32>,
    session_length_min: Option<NonZeroU32>,
    notices: Option<WrittenNotices>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenFront {
    Plain,
    Tls,
}

/// Everything that a server is told.
#[derive(Debug)]
pub(crate) struct Configuration {
    /// The settings of the HTTP interface.
    pub(crate) settings: Settings,
    /// The form of the log.
    pub(crate) log: Log,
    /// Where the database of a new installation is; `None` for a file in its folder.
    pub(crate) database: Option<String>,
    /// Who is told of windows.
    pub(crate) notices: Notices,
    /// How often jobs run.
    pub(crate) jobs: Duration,
    /// When it stops by itself.
    pub(crate) length: Option<Duration>,
}

/// The variable of a setting.
pub(crate) fn variable(name: &str) -> String {
    format!("GUAN_{}", name.to_uppercase())
}

impl Configuration {
    /// Reads the file, then the variables, then the flags; the later one counts.
    ///
    /// Errors: a file that was named and is not there; a value that cannot be meant, with its place.
    pub(crate) fn gather(
        folder: &Path,
        arguments: &ServeArguments,
        environment: &BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let mut table = of_file(folder, arguments.config.as_deref())?;
        for name in NAMES {
            if let Some(text) = environment.get(&variable(name)) {
                let value = of_text(name, text);
                let one = Table::from_iter([(name.to_owned(), value.clone())]);
                let read: Result<Written, _> = one.try_into();
                read.map_err(|error| usage(format!("{}: {}", variable(name), error.message())))?;
                table.insert(name.to_owned(), value);
            }
        }
        let mut written: Written = table.try_into()?;
        written.listen = arguments.listen.or(written.listen);
        written.log = arguments.log.or(written.log);
        let (log, database) = (written.log.unwrap_or_default(), written.database.take());
        let notices = written.notices.take().unwrap_or_default().receivers()?;
        let length = arguments.seconds.map(Duration::from_secs);
        Ok(Self { settings: written.settings(), log, database, notices, jobs: JOBS, length })
    }
}

impl Written {
    fn settings(self) -> Settings {
        let usual = Settings::default();
        let seconds = |written: Option<NonZeroU64>, usual| {
            written.map_or(usual, |seconds| Duration::from_secs(seconds.get()))
        };
        let minutes = |written: Option<NonZeroU32>, usual| {
            written.map_or(usual, |minutes| Span::minutes(i64::from(minutes.get())))
        };
        let count = |written: Option<NonZeroUsize>, usual| written.map_or(usual, NonZeroUsize::get);
        let rate = |written: Option<NonZeroU32>, usual| written.map_or(usual, NonZeroU32::get);
        Settings {
            listen: self.listen.unwrap_or(usual.listen),
            front: match self.front {
                Some(WrittenFront::Tls) => Front::Tls,
                Some(WrittenFront::Plain) => Front::Plain,
                None => usual.front,
            },
            proxies: self.proxies.unwrap_or(usual.proxies),
            log_questions: self.log_questions.unwrap_or(usual.log_questions),
            body_bytes_max: count(self.body_bytes_max, usual.body_bytes_max),
            upload_bytes_max: count(self.upload_bytes_max, usual.upload_bytes_max),
            request_time: seconds(self.request_s, usual.request_time),
            head_time: seconds(self.head_s, usual.head_time),
            send_time: seconds(self.send_s, usual.send_time),
            connections_max: count(self.connections_max, usual.connections_max),
            requests_at_once: count(self.requests_at_once, usual.requests_at_once),
            caller_rate: rate(self.caller_rate, usual.caller_rate),
            address_rate: rate(self.address_rate, usual.address_rate),
            session_idle: minutes(self.session_idle_min, usual.session_idle),
            session_length: minutes(self.session_length_min, usual.session_length),
            stop_time: self.stop_s.map_or(usual.stop_time, Duration::from_secs),
        }
    }
}

/// The file that was named, else the one in the folder if there is one.
fn of_file(folder: &Path, named: Option<&Path>) -> anyhow::Result<Table> {
    let usual = folder.join(FILE);
    let path = named.unwrap_or(&usual);
    let text = match std::fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(Table::new());
        }
        text => text.with_context(|| format!("cannot read `{}`", path.display()))?,
    };
    let table: Result<Table, _> = text.parse();
    let wrong = |error: toml::de::Error| usage(format!("`{}`: {error}", path.display()));
    let _checked: Written = toml::from_str(&text).map_err(wrong)?;
    table.map_err(wrong)
}

/// A variable as the file would have it.
fn of_text(name: &str, text: &str) -> Value {
    if name == "proxies" {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        return Value::Array(parts.map(|part| Value::String(part.to_owned())).collect());
    }
    if let Ok(number) = text.parse() {
        return Value::Integer(number);
    }
    text.parse().map_or_else(|_| Value::String(text.to_owned()), Value::Boolean)
}

#[cfg(test)]
mod tests {
    use super::{Configuration, NAMES, Written};
    use crate::arguments::{Log, ServeArguments};
    use std::collections::BTreeMap;
    use std::fs;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn every_name_is_a_setting_and_every_setting_has_a_name() {
        let error = toml::from_str::<Written>("nothing = 1").unwrap_err().to_string();
        for name in NAMES {
            assert!(error.contains(&format!("`{name}`")), "{name}: {error}");
        }
        // Notices are a table, which no variable holds.
        assert!(error.contains("`notices`"), "{error}");
        assert_eq!(error.matches('`').count() / 2, NAMES.len() + 2, "{error}");
    }

    #[test]
    fn flags_go_before_variables_and_those_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = "listen = \"127.0.0.1:1\"\nlog = \"json\"\ncaller_rate = 7\n";
        fs::write(folder.path().join("guan.toml"), file).unwrap();
        let environment = variables(&[
            ("GUAN_LISTEN", "127.0.0.1:2"),
            ("GUAN_LOG", "off"),
            ("GUAN_PROXIES", "10.0.0.1, 10.0.0.2"),
        ]);
        let arguments = ServeArguments { log: Some(Log::Text), ..ServeArguments::default() };
        let read = Configuration::gather(folder.path(), &arguments, &environment).unwrap();
        assert_eq!(read.settings.listen.port(), 2);
        assert_eq!(read.log, Log::Text);
        assert_eq!(read.settings.caller_rate, 7);
        assert_eq!(read.settings.proxies.len(), 2);
    }

    #[test]
    fn what_cannot_be_meant_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let usual = ServeArguments::default();
        let environment = variables(&[("GUAN_CALLER_RATE", "0")]);
        let error = Configuration::gather(folder.path(), &usual, &environment).unwrap_err();
        assert!(error.to_string().contains("GUAN_CALLER_RATE"), "{error}");
        fs::write(folder.path().join("guan.toml"), "listen = 1\n").unwrap();
        let error = Configuration::gather(folder.path(), &usual, &variables(&[])).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("guan.toml") && text.contains("listen"), "{text}");
    }
}
