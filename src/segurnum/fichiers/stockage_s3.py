"""An S3-compatible store, apart: its library takes a third of the time that a program takes to start."""

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from segurnum.fichiers.stockage import DitSesPannes


@deconstructible
class StockageS3(DitSesPannes, S3Storage):  # type: ignore[misc]
    """An S3-compatible store."""

    pannes = (OSError, BotoCoreError, ClientError, Boto3Error)
