//! Where a `PostgreSQL` server is, from an address like `postgres://user:password@host/database`, and how it is connected to.

use std::fmt;
use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode, TargetSessionAttrs};
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StorageError;
use crate::sqlite::Access;

/// How long a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(5);
/// After this long without an answer to what was sent, a connection counts as lost.
const SILENCE: Duration = Duration::from_secs(10);
/// Where systems keep the certificates that they trust.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A server and a database on it.
#[derive(Clone)]
pub(crate) struct Target {
    config: Config,
    access: Access,
    certificates: Option<PathBuf>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration writes no password.
        f.debug_struct("Target").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Target {
    /// Understands an address. Further parameters are those of `libpq`, such as `sslmode=disable` and `sslrootcert=FILE`.
    ///
    /// Several hosts may be named; the one that takes changes is used.
    ///
    /// Errors: what cannot be understood, without repeating the address, which may hold a password.
    pub(crate) fn new(url: &str, access: Access) -> Result<Self, StorageError> {
        let (url, certificates) = take_parameter(url, "sslrootcert");
        let (url, mode) = take_parameter(&url, "sslmode");
        let mut config: Config = url.parse().map_err(|error: postgres::Error| {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            StorageError::Address { problem: source.unwrap_or_else(|| error.to_string()) }
        })?;
        if config.get_hosts().is_empty() {
            return Err(StorageError::Address { problem: "it names no host".to_owned() });
        }
        config.ssl_mode(match mode.as_deref() {
            Some("disable") => SslMode::Disable,
            None if config.get_hosts().iter().all(is_here) => SslMode::Disable,
            None | Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
            Some(other) => {
                let problem = format!("sslmode `{other}` is not `disable` or `verify-full`");
                return Err(StorageError::Address { problem });
            }
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("guan");
        }
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        if access == Access::ReadWrite {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self { config, access, certificates: certificates.map(PathBuf::from) })
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// Connects; over TLS, with the server's certificate verified, unless the address says `sslmode=disable` or the server is on this machine.
    pub(super) fn connect(&self) -> Result<Client, StorageError> {
        let connected = if self.config.get_ssl_mode() == SslMode::Disable {
            self.config.connect(NoTls)
        } else {
            self.config.connect(MakeRustlsConnect::new(self.tls()?))
        };
        connected.map_err(StorageError::away)
    }

    fn tls(&self) -> Result<ClientConfig, StorageError> {
        let named = self.certificates.clone();
        let bundle = named.or_else(|| BUNDLES.iter().map(PathBuf::from).find(|path| path.exists()));
        let bundle = bundle.ok_or_else(|| StorageError::Address {
            problem: "no trusted certificates were found: name a file with `sslrootcert`"
                .to_owned(),
        })?;
        let unusable = |what: String| StorageError::Address {
            problem: format!("the certificates in `{}` cannot be used: {what}", bundle.display()),
        };
        let pem = fs::read(&bundle).map_err(|error| unusable(error.to_string()))?;
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
            // A certificate that is not understood is not trusted, the others are.
            let _understood = roots.add(certificate);
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(error.to_string()))?;
        Ok(versions.with_root_certificates(roots).with_no_client_auth())
    }
}

/// Whether the server is on this machine.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The address without one parameter, and that parameter's value.
fn take_parameter(url: &str, name: &str) -> (String, Option<String>) {
    let Some((place, query)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut value = None;
    let mut rest = Vec::new();
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some((found, text)) if found == name => value = Some(text.to_owned()),
            _ => rest.push(parameter),
        }
    }
    let rest = rest.join("&");
    let url = if rest.is_empty() { place.to_owned() } else { format!("{place}?{rest}") };
    (url, value)
}

#[cfg(test)]
mod tests {
    use postgres::config::SslMode;

    use super::Target;
    use crate::error::StorageError;
    use crate::sqlite::Access;

    fn mode(url: &str) -> SslMode {
        Target::new(url, Access::ReadWrite).unwrap().config.get_ssl_mode()
    }

    #[test]
    fn a_server_elsewhere_is_reached_over_verified_tls_only() {
        assert_eq!(mode("postgres://guan@db.example/guan"), SslMode::Require);
        assert_eq!(mode("postgres://guan@db.example/guan?sslmode=verify-full"), SslMode::Require);
        assert_eq!(mode("postgres://guan@db.example/guan?sslmode=disable"), SslMode::Disable);
        assert_eq!(mode("postgres://guan@127.0.0.1/guan"), SslMode::Disable);
        assert_eq!(mode("postgres://guan@/guan?host=/run/postgresql"), SslMode::Disable);
    }

    #[test]
    fn a_wrong_address_is_refused_without_its_password() {
        for url in
            ["postgres://guan:secret@db.example/guan?sslmode=prefer", "postgres://guan:secret@/x"]
        {
            let error = Target::new(url, Access::ReadWrite).unwrap_err();
            assert!(matches!(error, StorageError::Address { .. }));
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
