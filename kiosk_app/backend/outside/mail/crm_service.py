"""The mail service of the CRM as a way out: HubSpot's SMTP API (A73).

What the vendor's guide to transactional e-mail says, and what follows:

- Its single-send API fills a template that is kept in the CRM and takes no attachment. Its SMTP API
  takes whole mails; only there the calendar file stays in the mail.
- A token's id and password sign in at `smtp.hubapi.com`, of accounts in the EU at
  `smtp-eu1.hubapi.com`: ports 25 and 587 with STARTTLS, 465 with TLS from the first byte. It is an
  ordinary server, so `SmtpMailer` speaks to it; the id holds an `@`, so it is written encoded.
- The domain of the sender must be connected to the account, otherwise mail is refused. When in the
  conversation, and in which words, the guide does not say.
- A token made over the API is deleted after twelve months; one made in the account's settings is
  not. One that is found in public is shut off.
"""

from urllib.parse import quote

from kiosk_app.backend.outside.mail.smtp import BadSmtpUrl, SmtpServer, read_smtp_url

HOST, HOST_EU = "smtp.hubapi.com", "smtp-eu1.hubapi.com"
_SCHEMES = ("smtp+starttls", "smtps")


def read_submission_url(text: str) -> SmtpServer:
    """Read `smtp+starttls://ID:PASSWORD@smtp.hubapi.com`, or the same with `smtps`.

    Raises:
        BadSmtpUrl: not such an address; the text says what is wrong and repeats no password.
    """
    server = read_smtp_url(text)
    if server.scheme not in _SCHEMES:
        known = " or ".join(f"{name}://" for name in _SCHEMES)
        raise BadSmtpUrl(f"the address of the CRM's mail service begins with {known}")
    if not (server.user and server.password):
        raise BadSmtpUrl("the address of the CRM's mail service needs a token's id and password")
    return server


def submission_url(host: str, token_id: str, password: str) -> str:
    """Write the address that `read_submission_url` reads."""
    return f"smtp+starttls://{quote(token_id, safe='')}:{quote(password, safe='')}@{host}"
