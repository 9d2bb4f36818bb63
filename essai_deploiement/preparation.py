"""Run beside the installation, on its database: what the trial needs that no screen gives to somebody new.

`python -m essai_deploiement.preparation comptes`: an enrolment and two accounts. `… pieces ENROLEMENT < sortie.json`:
the ZIP of a deposit.
"""

import base64
import json
import secrets
import sys
from datetime import timedelta

import django


def comptes() -> dict[str, object]:
    """A supplier with its JSON file of three requests, an officer with a second factor."""
    import pyotp

    from segurnum.comptes import second_facteur
    from segurnum.comptes.models import Profil
    from segurnum.demonstration import fabrique
    from segurnum.essais import usines
    from segurnum.essais.depots import Deposant
    from segurnum.regles.calendrier import maintenant

    deposant, agent = Deposant.nouveau(), usines.utilisateur(Profil.GESTIONNAIRE)
    mot_de_passe, cle = secrets.token_urlsafe(16), second_facteur.nouvelle_cle()
    for personne in (deposant.utilisateur, agent):
        personne.set_password(mot_de_passe)
        personne.save(update_fields=["password"])
    # By the code of half a minute ago: a code is taken once, and the officer signs in soon.
    second_facteur.activer(
        personne=agent, cle=cle, code=pyotp.TOTP(cle).at(maintenant() - timedelta(seconds=30))
    )
    return {
        "fournisseur": deposant.utilisateur.username,
        "entreprise": deposant.enrolement.entreprise_id,
        "enrolement": deposant.enrolement.pk,
        "agent": agent.username,
        "cle": cle,
        "mot_de_passe": mot_de_passe,
        "json": base64.b64encode(fabrique.en_octets(deposant.fichier(3))).decode(),
    }


def pieces(enrolement: str, sortie: bytes) -> bytes:
    """The ZIP that a deposit waits for, from its output JSON."""
    from segurnum import couloirs
    from segurnum.demonstration import documents, fabrique
    from segurnum.enrolements.models import Enrolement
    from segurnum.regles.calendrier import jour_de_paris, maintenant

    inscrit = Enrolement.objects.select_related("entreprise", "referencement").get(pk=enrolement)
    couloir = couloirs.par_dsr(inscrit.referencement.dsr)
    source = fabrique.Source(inscrit, couloir, jour_de_paris(maintenant()))
    return documents.archiver(fabrique.pieces(source, json.loads(sortie)))


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "comptes":
        print(json.dumps(comptes()))
    else:
        sys.stdout.buffer.write(pieces(sys.argv[2], sys.stdin.buffer.read()))
