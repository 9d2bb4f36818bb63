"""What anybody may know of a receipt: that the portal gave it. And what it is checked with, without the portal."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from segurnum.fichiers.documents import Genre
from segurnum.recepisses import cles, queries
from segurnum.recepisses.documents import empreinte_de
from segurnum.seuil.acces import page_publique
from segurnum.seuil.documents import publie
from segurnum.seuil.limites import ADRESSE, HEURE, limite
from segurnum.seuil.telechargements import envoyer, sert

CERTIFICATS = "certificats-segurnum.pem"
# What anybody checks a receipt with, who has nothing of the portal's: run as they are by a test.
COMMANDES = f"""pdf=recepisse_REC00000042.pdf
set -- $(grep -a -o '/ByteRange \\[[0-9 ]*\\]' $pdf | tail -n 1 | tr -cd '0-9 '); coupe=$2 reprise=$3 reste=$4
test $((reprise + reste)) -eq $(wc -c < $pdf) && {{ head -c $coupe $pdf; tail -c $reste $pdf; }} > couvert
tail -c +$((coupe + 2)) $pdf | head -c $((reprise - coupe - 2)) | xxd -r -p > signature.der
pem={CERTIFICATS}
openssl cms -verify -binary -inform DER -in signature.der -content couvert -CAfile $pem -purpose any -out rien"""


@page_publique
def verifier(requete: HttpRequest) -> HttpResponse:
    """How a receipt is checked, with the portal and without it."""
    contexte = {"signataires": cles.signataires(), "fichier": CERTIFICATS, "commandes": COMMANDES}
    return render(requete, "public/recepisses.html", contexte)


@page_publique
@limite("recepisses", ADRESSE, 600, HEURE, quoi="vérifications", lectures=True)
def confirmer(requete: HttpRequest, confirmation: str) -> HttpResponse:
    """Where the QR code leads: the number, the instant, the digest of what it says; and nothing of what that is."""
    ligne = queries.par_code(confirmation)
    contexte = {"recepisse": ligne, "empreinte": empreinte_de(ligne) if ligne else ""}
    return render(requete, "public/recepisse.html", contexte, status=200 if ligne else 404)


@page_publique
@sert(Genre.PUBLIE)
def certificats(requete: HttpRequest) -> HttpResponseBase:
    """The public keys, to take away once."""
    return envoyer(requete, publie(CERTIFICATS), cles.certificats())
