"""« Établir mes documents »: an order, the mention of an invoice, an acceptance, with the amounts as the State asks."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from segurnum import couloirs
from segurnum.comptes.models import Entreprise, Profil
from segurnum.demandes.models import Demande
from segurnum.demandes.queries import de_l_entreprise, de_numero
from segurnum.editique.contrats import Contrat, Modele, contrat_docx, contrat_pdf
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_en_json
from segurnum.fichiers import formats
from segurnum.kits.champs import ChampMontant, champ_jour, liste, proposer, texte
from segurnum.kits.geste import envoi
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.seuil.telechargements import proteger
from segurnum.web.fournisseur.acces import saisie

DOCX = "docx"


class FormulaireContrat(forms.Form):
    """What is not known is left to be written by hand, but for the amounts."""

    modele = liste(
        "Document",
        "Choisissez le document.",
        "Choisir",
        ((modele.value, modele.libelle) for modele in Modele),
    )
    enrolement = liste("Numéro ANS", "Choisissez le numéro ANS.", "Choisir")
    montant_ht = ChampMontant(
        label="Montant Ségur hors taxe",
        help_text="La part prise en charge par l'État, hors taxe, en euros.",
    )
    taux_tva = forms.TypedChoiceField(
        label="Taux de TVA",
        coerce=Decimal,
        choices=[(str(taux), en_taux(taux)) for taux in sorted(TAUX_TVA_PERMIS, reverse=True)],
        help_text="0 % pour un fournisseur non assujetti.",
    )
    client = texte("Client (facultatif)", obligatoire=False)
    identifiant = texte("Identifiant du client : FINESS, RPPS… (facultatif)", obligatoire=False, maximum=60)
    reference = texte("Numéro du document (facultatif)", obligatoire=False, maximum=50)
    jour = champ_jour("Date du document (facultatif)", "")

    def __init__(self, enrolements: Sequence[Enrolement], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.enrolements = {str(enrolement.pk): enrolement for enrolement in enrolements}
        self.fields["jour"].required = False
        proposer(
            self,
            "enrolement",
            ((cle, un.referencement.numero_ans) for cle, un in self.enrolements.items()),
        )

    @property
    def contrat(self) -> Contrat:
        lu = self.cleaned_data
        enrolement = self.enrolements[lu["enrolement"]]
        couloir = couloirs.par_dsr(enrolement.referencement.dsr)
        return Contrat(
            modele=Modele(lu["modele"]),
            fournisseur=enrolement.entreprise.denomination,
            siret=enrolement.entreprise.siret,
            logiciel=couloir.libelle,
            numero_ans=enrolement.referencement.numero_ans,
            montant_ht=lu["montant_ht"],
            taux_tva=lu["taux_tva"],
            client=lu["client"],
            identifiant=lu["identifiant"],
            reference=lu["reference"],
            date=lu["jour"],
        )


@saisie(deposants, profil=Profil.FOURNISSEUR)
@limite("contrats", PERSONNE, 300, HEURE, quoi="documents établis")
def etablir(requete: Requete) -> HttpResponse:
    """A document to sign, made of what is typed: nothing of it is kept. An advance named by the address fills it in."""
    entreprise = entreprise_de(requete)
    enrolements = list(qui_deposent_en_json(entreprise))
    formulaire = partial(FormulaireContrat, enrolements)
    if requete.method != "POST":
        avance = _avance(entreprise, requete.GET.get("demande", ""))
        return _page(requete, formulaire(initial=_d_apres(avance) if avance else {}), 200)
    form = formulaire(envoi(requete))
    if not form.is_valid():
        return _page(requete, form, 422)
    jour = jour_de_paris(maintenant())
    en_docx = requete.POST.get("forme") == DOCX
    octets = contrat_docx(form.contrat) if en_docx else contrat_pdf(form.contrat, jour)
    nom = f"{form.contrat.modele.value.lower()}-{jour.isoformat()}.{DOCX if en_docx else 'pdf'}"
    return proteger(HttpResponse(octets, content_type=formats.type_de(nom)), nom)


def _page(requete: Requete, form: FormulaireContrat, statut: int) -> HttpResponse:
    return render(requete, "fournisseur/contrats.html", {"form": form}, status=statut)


def _avance(entreprise: Entreprise, numero: str) -> Demande | None:
    """The advance of this number, of this company; None for another's, or for a request that is none."""
    avances = de_l_entreprise(entreprise).filter(type=TypeDemande.AVANCE).select_related("dossier")
    return de_numero(avances, numero) if numero else None


def _d_apres(avance: Demande) -> dict[str, Any]:
    clients = list(avance.beneficiaires.order_by("rang"))
    seul = clients[0] if len(clients) == 1 else None
    return {
        "modele": Modele.VA.value,
        "enrolement": str(avance.dossier.enrolement_id),
        "montant_ht": avance.montant_declare,
        "taux_tva": next((str(taux) for taux in TAUX_TVA_PERMIS if taux == avance.taux_tva), ""),
        "client": (seul.raison_sociale or seul.nom) if seul else "",
        "identifiant": ", ".join(seul.identifiants)[:60] if seul else "",
    }
