"""An S3 store on this machine, with a bucket of its own."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

from segurnum.fichiers.adresse import options_s3


@contextmanager
def serveur_s3() -> Iterator[str]:
    """Its STOCKAGE_URL."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # each request
    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serveur.start()
    hote, port = serveur.get_host_and_port()
    # The servers of one process share what they keep.
    compartiment = f"segurnum-{uuid.uuid4().hex[:12]}"
    adresse = f"s3://cle:secret@{hote}:{port}/{compartiment}?ssl=0&region=eu-west-3"
    client = boto3.client(
        "s3",
        endpoint_url=options_s3(adresse)["endpoint_url"],
        aws_access_key_id="cle",
        aws_secret_access_key="secret",
        region_name="eu-west-3",
    )
    client.create_bucket(Bucket=compartiment, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    try:
        yield adresse
    finally:
        serveur.stop()
