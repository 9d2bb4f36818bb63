"""The operator's dossiers: one to correct, one whose balance is still to be asked for, by the screens' services."""

from segurnum.comptes.auteurs import auteur
from segurnum.demandes import services
from segurnum.demonstration import fabrique_formulaires
from segurnum.demonstration.parcours import Acteurs, Destin, mener
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles import TypeDemande

COMPTE = "demo-operateur"
_CONTACT = {
    "nomContact": "Claire DAUPHRAY",
    "telephoneContact": "0199000003",
    "courrielContact": "support@passerelune.example",
}
_LIEN = {"lienDocumentation": "https://documentation.passerelune.example/api"}
_A_CORRIGER = (
    "Le lien vers votre documentation répond par une erreur, et le numéro du contact support n'est pas celui du "
    "guide déposé : corrigez-les."
)


def jouer() -> None:
    acteurs = Acteurs()
    for numero_ans in ("MSSMSS0001", "MSSMSS0002"):
        avance = _deposer(acteurs, numero_ans, TypeDemande.AVANCE, _CONTACT)
        mener(avance, Destin.PAYEE, acteurs, auteur(acteurs.comptes[COMPTE]))
    solde = _deposer(acteurs, "MSSMSS0001", TypeDemande.SOLDE, _CONTACT | _LIEN)
    services.demander_modification(demande=solde, auteur=acteurs.gestionnaire, motif=_A_CORRIGER)


def _deposer(acteurs: Acteurs, numero_ans: str, type_demande: TypeDemande, saisie: dict[str, str]) -> int:
    inscrit = Enrolement.objects.select_related("referencement", "entreprise").get(
        referencement__numero_ans=numero_ans
    )
    demande = fabrique_formulaires.deposer(
        inscrit, type_demande, auteur(acteurs.comptes[COMPTE]), saisie=saisie
    )
    return demande.pk
