"""What every answer says to the browser beside Django's own: powers that no page needs, and who may embed it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Passkeys are made and shown by the portal's own pages; nothing else of the device is asked for.
PUISSANCES = ", ".join(
    [
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        *(
            f"{puissance}=()"
            for puissance in (
                "accelerometer",
                "camera",
                "display-capture",
                "fullscreen",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
                "xr-spatial-tracking",
            )
        ),
    ]
)


class Entetes:
    def __init__(self, suite: Callable[[HttpRequest], HttpResponse]) -> None:
        self.suite = suite

    def __call__(self, requete: HttpRequest) -> HttpResponse:
        reponse = self.suite(requete)
        reponse.headers.setdefault("Permissions-Policy", PUISSANCES)
        reponse.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return reponse
