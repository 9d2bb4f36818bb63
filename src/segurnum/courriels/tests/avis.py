"""Reports of non-delivery in the shapes of the usual servers, about a mail whose mark is given. Invented."""


def _message(entetes: str, *parties: str) -> bytes:
    corps = "".join(f"--limite\n{partie}\n" for partie in parties)
    return (
        f"{entetes}\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
        f'boundary="limite"\n\n{corps}--limite--\n'
    ).encode()


def postfix(repere: str, *, action: str = "failed", statut: str = "5.1.1") -> bytes:
    return _message(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relais.example (Mail Delivery System)\n"
        "Subject: Undelivered Mail Returned to Sender\nTo: retours@agence.example\nAuto-Submitted: auto-replied",
        "Content-Type: text/plain; charset=us-ascii\n\nThis is the mail system at host relais.example.",
        "Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; relais.example\nX-Postfix-Queue-ID: 4F2A1C0D\nX-Postfix-Sender: rfc822; "
        f"retours@agence.example\nArrival-Date: Sun, 29 Nov 2026 10:00:00 +0100 (CET)\n\n"
        "Final-Recipient: rfc822; inconnu@societe.example\nOriginal-Recipient: rfc822;inconnu@societe.example\n"
        f"Action: {action}\nStatus: {statut}\nRemote-MTA: dns; mx.societe.example\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <inconnu@societe.example>: user unknown",
        "Content-Description: Undelivered Message\nContent-Type: message/rfc822\n\n"
        f"Return-Path: <retours@agence.example>\nFrom: ne-pas-repondre@agence.example\n"
        f"Message-ID: <{repere}@agence.example>\nSubject: Rejet\n\nMotif.",
    )


def exim(repere: str) -> bytes:
    """The headers only of what was sent."""
    return _message(
        "X-Failed-Recipients: inconnu@societe.example\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@relais.example>\nTo: retours@agence.example\n"
        f"References: <{repere}@agence.example>\nSubject: Mail delivery failed: returning message to sender",
        "Content-type: text/plain; charset=us-ascii\n\nA message that you sent could not be delivered.",
        "Content-type: message/delivery-status\n\nReporting-MTA: dns; relais.example\n\n"
        "Action: failed\nFinal-Recipient: rfc822;inconnu@societe.example\nStatus: 5.0.0\n"
        "Remote-MTA: dns; mx.societe.example\nDiagnostic-Code: smtp; 550 No such user",
        f"Content-type: text/rfc822-headers\n\nReceived: from portail\nMessage-ID: <{repere}@agence.example>\n",
    )


def exchange(repere: str) -> bytes:
    """The mark in its own headers."""
    return _message(
        "From: <postmaster@societe.example>\nTo: <retours@agence.example>\n"
        f"In-Reply-To: <{repere}@agence.example>\nSubject: =?utf-8?B?Tm9uIHJlbWlz?=\nX-MS-Exchange-Message-Is-Ndr:",
        "Content-Type: text/html; charset=utf-8\n\n<p>Votre message n'a pas pu être remis</p>",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns;PR1.societe.example\n"
        "Received-From-MTA: dns;relais.example\nArrival-Date: Sun, 29 Nov 2026 09:00:00 +0000\n\n"
        "Final-Recipient: rfc822;inconnu@societe.example\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\nX-Display-Name: Inconnu",
    )


def enveloppe(repere: str) -> bytes:
    """Nothing of the mail, but the address that it was sent from."""
    return _message(
        f"From: postmaster@mx.example\nTo: retours+{repere}@agence.example\nSubject: Undeliverable",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; inconnu@societe.example\nAction: Failed\nStatus: 5.2.2 (mailbox full)",
    )


def hostiles(repere: str) -> dict[str, bytes]:
    """What anybody may write to that mailbox."""
    faux = f"{repere[:-20]}{'0' * 20}"
    profond = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{rang}"\n\n--b{rang}\n'.encode() for rang in range(3_000)
    )
    return {
        "vide": b"",
        "hasard": bytes(range(256)) * 400,
        "une absence": f"From: a@b.example\nIn-Reply-To: <{repere}@x>\n\nJe suis absent.".encode(),
        "une signature fausse": postfix(faux),
        "le courriel d'un autre": postfix("1.0.0123456789abcdef0123"),
        "des parties sans fond": profond,
        "des en-têtes sans fin": b"Message-ID: " + b"<" * 200_000,
        "un rapport sans destinataire": postfix(repere).replace(b"Action", b"Inaction"),
        "un rapport qui n'en est pas un": postfix(repere).replace(b"message/delivery-status", b"text/plain"),
        "des nombres sans fin": postfix(f"{'9' * 400}.0.{'a' * 20}"),
    }
