"""Reading STOCKAGE_URL. Apart from the store itself because the settings need it before Django is ready."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def options_s3(adresse: str) -> dict[str, Any]:
    """Options of the S3 store told by `s3://cle:secret@hote[:port]/compartiment[?ssl=0&region=…]`.

    Raises ValueError, with what is expected, when the address does not have that shape.
    """
    parties = urlsplit(adresse)
    compartiment = parties.path.strip("/")
    if parties.scheme != "s3" or not parties.hostname or not compartiment or "/" in compartiment:
        raise ValueError("STOCKAGE_URL doit s'écrire s3://cle:secret@hote[:port]/compartiment[?ssl=0].")
    reglages = {nom: valeurs[-1] for nom, valeurs in parse_qs(parties.query).items()}
    protocole = "http" if reglages.get("ssl") == "0" else "https"
    port = f":{parties.port}" if parties.port else ""
    return {
        "bucket_name": compartiment,
        "access_key": unquote(parties.username or "") or None,
        "secret_key": unquote(parties.password or "") or None,
        "endpoint_url": f"{protocole}://{parties.hostname}{port}",
        "region_name": reglages.get("region"),
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
    }
