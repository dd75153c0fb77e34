//! Who is told and how: mail over SMTP, webhooks over HTTP, each with the settings that the operator wrote.

use crate::exit::usage;
use guan_store::OutboxNotice;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Message, SmtpTransport, Transport as _};
use serde::Deserialize;
use sha2::Sha256;
use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long one receiver may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The settings of notices as they are written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenNotices {
    /// `smtps://user:password@host`, `smtp://host?tls=required`, or `smtp://` to this machine.
    smtp: Option<String>,
    from: Option<String>,
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    webhooks: Vec<WrittenWebhook>,
}

/// A webhook as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWebhook {
    url: String,
    secret: String,
}

// Neither shows what is secret.
impl fmt::Debug for WrittenNotices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrittenNotices").field("to", &self.to).finish_non_exhaustive()
    }
}

/// Everybody who is told.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    pub(crate) receivers: Vec<Receiver>,
}

/// One who is told.
pub(crate) struct Receiver {
    /// `mail`, or `webhook 1` in the order of the settings.
    pub(crate) name: String,
    way: Way,
}

enum Way {
    Mail { transport: Box<SmtpTransport>, from: Mailbox, to: Vec<Mailbox> },
    Webhook { agent: ureq::Agent, url: String, secret: String },
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("name", &self.name).finish_non_exhaustive()
    }
}

impl WrittenNotices {
    /// The receivers of these settings.
    ///
    /// Errors: an address that is none; mail or a webhook that would leave this machine unencrypted; a secret that is missing.
    pub(crate) fn receivers(self) -> anyhow::Result<Notices> {
        let mut receivers = Vec::new();
        match (self.smtp, self.from) {
            (Some(smtp), Some(from)) if !self.to.is_empty() => {
                receivers
                    .push(Receiver { name: "mail".to_owned(), way: mail(&smtp, &from, &self.to)? });
            }
            (None, None) if self.to.is_empty() => {}
            _ => return Err(usage("notices: mail needs `smtp`, `from` and `to`")),
        }
        for (place, webhook) in (1..).zip(self.webhooks) {
            let name = format!("webhook {place}");
            receivers.push(Receiver { name, way: webhook.way()? });
        }
        Ok(Notices { receivers })
    }
}

impl WrittenWebhook {
    fn way(self) -> anyhow::Result<Way> {
        let Self { url, secret } = self;
        let may_be_plain = url.starts_with("http://") && is_here(&url);
        if !may_be_plain && !url.starts_with("https://") {
            return Err(usage(format!(
                "notices: `{url}`: write https://, or http:// for this machine alone"
            )));
        }
        if secret.len() < 16 {
            return Err(usage("notices: the secret of a webhook has 16 bytes or more"));
        }
        Ok(Way::Webhook { agent: agent(), url, secret })
    }
}

/// Whether an address is of this machine.
fn is_here(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn mail(smtp: &str, from: &str, to: &[String]) -> anyhow::Result<Way> {
    let is_encrypted = smtp.starts_with("smtps://") || smtp.contains("tls=required");
    if !is_encrypted && !is_here(smtp) {
        return Err(usage(
            "notices: smtp: write smtps://, or smtp:// with ?tls=required; without is for this machine alone",
        ));
    }
    // What is wrong is not shown: a password may be in it.
    let transport = SmtpTransport::from_url(smtp)
        .map_err(|_| usage("notices: smtp: write smtps://USER:PASSWORD@HOST"))?
        .timeout(Some(PATIENCE))
        .build();
    let read = |text: &str| {
        text.parse::<Mailbox>()
            .map_err(|error| usage(format!("notices: `{text}` is no mail address: {error}")))
    };
    let to = to.iter().map(|one| read(one)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Way::Mail { transport: Box::new(transport), from: read(from)?, to })
}

fn agent() -> ureq::Agent {
    let found = rustls_native_certs::load_native_certs();
    let roots: Vec<Certificate<'static>> =
        found.certs.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let settings = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        // From where it is sent is what the operator wrote, not what variables say.
        .proxy(None)
        .tls_config(tls)
        .build();
    ureq::Agent::new_with_config(settings)
}

impl Receiver {
    /// Whether it is mail.
    pub(crate) const fn is_mail(&self) -> bool {
        matches!(self.way, Way::Mail { .. })
    }

    /// Mails a notice to somebody who is not in the settings; nothing where they are, or where this is no mail.
    pub(crate) fn send_also(&self, notice: &OutboxNotice, address: &str) -> Result<(), String> {
        let Way::Mail { transport, from, to } = &self.way else { return Ok(()) };
        let one: Mailbox = address.parse().map_err(|error| format!("`{address}`: {error}"))?;
        if to.iter().any(|known| known.email == one.email) {
            return Ok(());
        }
        let id = format!("{}.{}", one.email.user(), identifier(notice, from));
        mailed(transport, notice, (from, &[one]), &id)
    }

    /// Sends one notice. It is taken when this returns without an error.
    pub(crate) fn send(&self, notice: &OutboxNotice) -> Result<(), String> {
        match &self.way {
            Way::Mail { transport, from, to } => {
                // The same notice has the same id, so that one that comes twice is seen to.
                mailed(transport, notice, (from, to), &identifier(notice, from))
            }
            Way::Webhook { agent, url, secret } => {
                let body = serde_json::to_vec(notice).map_err(|error| error.to_string())?;
                let sent = agent
                    .post(url)
                    .header("content-type", "application/json")
                    .header("guan-notice", format!("{}/{}", notice.organization, notice.number))
                    .header("guan-signature", signature(secret, &body)?)
                    .send(&body[..]);
                sent.map(|_| ()).map_err(|error| error.to_string())
            }
        }
    }
}

/// Sends one notice as one mail.
fn mailed(
    transport: &SmtpTransport,
    notice: &OutboxNotice,
    (from, to): (&Mailbox, &[Mailbox]),
    id: &str,
) -> Result<(), String> {
    let mut message = Message::builder()
        .from(from.clone())
        .subject(subject(notice))
        .message_id(Some(format!("<{id}>")))
        .header(ContentType::TEXT_PLAIN);
    for one in to {
        message = message.to(one.clone());
    }
    let message = message.body(body(notice)).map_err(|error| error.to_string())?;
    transport.send(&message).map(|_| ()).map_err(|error| error.to_string())
}

/// `sha256=` and the HMAC-SHA-256 of the body in hexadecimal.
pub(super) fn signature(secret: &str, body: &[u8]) -> Result<String, String> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| error.to_string())?;
    mac.update(body);
    let mut text = "sha256=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing to a text never fails.
        let _written = write!(text, "{byte:02x}");
    }
    Ok(text)
}

fn identifier(notice: &OutboxNotice, from: &Mailbox) -> String {
    let safe = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let organization: String = notice.organization.as_str().chars().map(safe).collect();
    format!("{}.{}.{}@{}", organization, notice.number, notice.overlay, from.email.domain())
}

/// What happened, in both languages.
fn words(notice: &OutboxNotice) -> (&'static str, &'static str) {
    match notice.kind.as_str() {
        "opened" => ("opened", "已打开"),
        "emergency_opened" => ("opened as an EMERGENCY", "已紧急打开"),
        "half_time" => ("half of its time is over", "时间已过半"),
        "five_minutes_left" => ("ends in five minutes", "五分钟后结束"),
        "closed" => ("closed", "已关闭"),
        "approval_wanted" => ("waits for approval", "等待批准"),
        "approved" => ("approved, may be opened", "已批准，可以打开"),
        "refused" if notice.cause.is_some() => ("withdrawn", "已撤回"),
        "refused" => ("refused", "已拒绝"),
        "expired" => ("expired before it was opened", "未打开即已过期"),
        "review_wanted" => ("the report waits for its review", "报告等待复核"),
        "self_test_failed" => (
            "SELF-TEST FAILED: something is still allowed after the end",
            "自检未通过：结束后仍有放行",
        ),
        "conflict_waits" => (
            "an edit that waited for the end meets another one: decide",
            "等待中的修改有冲突，需要处理",
        ),
        _ => ("changed", "有变化"),
    }
}

/// What it is, in both languages.
fn what(notice: &OutboxNotice) -> (&'static str, &'static str) {
    match notice.effect.as_str() {
        "suspension" => ("suspension", "暂停管控"),
        "elevation" => ("elevation", "临时提权"),
        _ => ("disablement", "临时停用"),
    }
}

fn subject(notice: &OutboxNotice) -> String {
    let ((english, chinese), (effect, its_name)) = (words(notice), what(notice));
    let OutboxNotice { organization, overlay, .. } = notice;
    format!("[Guan {organization}] {effect} {overlay}: {english} · {its_name}{chinese}")
}

fn body(notice: &OutboxNotice) -> String {
    let ((english, chinese), (effect, its_name)) = (words(notice), what(notice));
    let OutboxNotice { organization, overlay, number, at, .. } = notice;
    let mut told = (format!("at {at}"), format!("时间 {at}"));
    if let (Some(starts), Some(ends)) = (notice.starts, notice.ends) {
        let _written = write!(told.0, ", from {starts} until {ends} at the latest");
        let _written = write!(told.1, "，起 {starts}，最迟止 {ends}");
    }
    if let Some(cause) = &notice.cause {
        let _written = write!(told.0, ", cause: {cause}");
        let _written = write!(told.1, "，原因：{cause}");
    }
    format!(
        "{effect} {overlay} of {organization}: {english}.\n\
         {}\n\n\
         {organization} 的{its_name} {overlay}：{chinese}。\n\
         {}\n\n\
         Guan 关 · {number}\n",
        told.0, told.1
    )
}
