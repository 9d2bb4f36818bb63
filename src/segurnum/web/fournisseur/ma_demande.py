"""« Ma demande de financement »: an operator's avance then solde, on one screen (MSS-002, MSS-019, MSS-020).

Sent, the form is read once, what is wanted of it is decided, one service does it all, and one answer is shown.
"""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from segurnum.comptes.auteurs import auteur
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.controles.formulaire import TAILLE_ZONE
from segurnum.demandes.brouillons import DejaDeposee, PieceAGarder
from segurnum.demandes.ecriture import plus_haut, qui_depose
from segurnum.demandes.models import STATUTS_ETEINTS
from segurnum.demandes.permissions import peut_deposer
from segurnum.depots import formulaires
from segurnum.depots.formulaires import Apercu, Formulable, Recu
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.kits.champs import contenu
from segurnum.kits.fiche import Donnee
from segurnum.kits.geste import tenter
from segurnum.referentiel.queries import annonce
from segurnum.regles.argent import en_euros
from segurnum.regles.calendrier import instant_exact
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.erreurs import RefusMetier, SaisieDepassee
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.arrivee import recu_le
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.televersement import recoit, trop_gros
from segurnum.seuil.version_saisie import envoi_de, gardee, non_gardee, sans_page
from segurnum.web.commun.blocs.informations import calcule, nombres
from segurnum.web.fournisseur import demandes
from segurnum.web.fournisseur.acces import consultation, saisie
from segurnum.web.fournisseur.formulaires_demande import FormulaireDemande, Suite

RETIRER, ENREGISTRER, VERIFIER, IMPORTER = "retirer:", "enregistrer", "verifier", "importer"
# Three zones of 4 Mo come together at most, with the fields around them.
TAILLE_FORMULAIRE = 3 * TAILLE_ZONE
TROP_GROS = (
    f"L'envoi dépasse la taille permise : chaque fichier doit peser {PIECE_FORMULAIRE.limite_exacte} au plus."
)
ENREGISTREE = "Votre saisie est enregistrée : vous pouvez la reprendre ici quand vous voulez."
IMPORTEE = (
    "Votre demande {} est importée : elle est transmise au service de gestion pour instruction. Reçue le {}."
)
AFFICHEE = Suite(200)


@consultation()
def ma_demande(requete: Requete) -> HttpResponse:
    """Leads to what waits for the company, else to the step that comes next."""
    suite = formulaires.prochaine_etape(entreprise_de(requete), requete.GET.get("numero", ""))
    if suite is None:
        return render(requete, "fournisseur/ma_demande/aucune.html")
    return redirect("fournisseur:ma_demande_etape", *suite)


@never_cache
@recoit(TAILLE_FORMULAIRE)
@saisie(deposants)
@limite("formulaires", ENTREPRISE, 2_000, HEURE)
def etape(requete: Requete, numero_enrole: str, type_demande: TypeDemande) -> HttpResponseBase:
    """The form while nothing is deposited, then the request itself, at the same place."""
    inscrits = qui_deposent_par_formulaire(entreprise_de(requete))
    inscrit = inscrits.filter(referencement__numero_ans=numero_enrole).first()
    if inscrit is None:
        raise Http404
    forme = formulaires.formulable(inscrit, type_demande, recu_le=recu_le(requete))
    if requete.method == "POST":
        return _recevoir(requete, forme)
    deposee = forme.derniere
    if deposee is not None and (deposee.statut not in STATUTS_ETEINTS or forme.empechements):
        return demandes.demande(requete, deposee.numero)
    return _page(requete, forme, _formulaire(forme), AFFICHEE)


def _recevoir(requete: Requete, forme: Formulable) -> HttpResponse:
    """Read what came, keep it and do what the button says in one call, then answer."""
    form = _formulaire(forme, requete.POST, requete.FILES)
    juste = form.is_valid() and not trop_gros(requete)
    # The end of a file that is too big is not read, nor what follows it: nothing is then done but keeping.
    geste = requete.POST.get("geste", ENREGISTRER)
    recu, refus = tenter(
        partial(
            formulaires.recevoir,
            forme=forme,
            saisie=form.saisie(),
            auteur=auteur(requete.user),
            envoi=envoi_de(requete),
            pieces=[PieceAGarder(zone.type, *contenu(f)) for zone, f in form.fichiers_acceptes().items()],
            retirer=[zone.type for cle, zone in form.zones.items() if geste == f"{RETIRER}{cle}"],
            importer=juste and geste == IMPORTER,
            recu_le=recu_le(requete),
        )
    )
    if sans_page(requete):
        return gardee() if recu else non_gardee(refus)
    if recu is None:
        # What another tab has kept meanwhile is read again, below what was typed in this one.
        forme = formulaires.formulable(forme.enrolement, forme.type, recu_le=recu_le(requete))
        form = _formulaire(forme, requete.POST)
    else:
        form.retenir(recu.garde)
    if trop_gros(requete):
        form.add_error(None, TROP_GROS)
    suite = suite_de(geste, form, recu, refus, trop_gros=trop_gros(requete))
    if suite.statut:
        return _page(requete, forme, form, suite)
    suite.dire(requete)
    numero_ans = forme.enrolement.referencement.numero_ans
    return redirect("fournisseur:ma_demande_etape", numero_ans, forme.type)


def suite_de(
    geste: str, form: FormulaireDemande, recu: Recu | None, refus: RefusMetier | None, *, trop_gros: bool
) -> Suite:
    """What is answered to a form that was sent. Who only keeps what is typed is not told what it lacks."""
    if recu is None:
        return _suite_du_refus(refus)
    if trop_gros:
        return Suite(413)
    if recu.demande is not None:
        return Suite(message=IMPORTEE.format(recu.demande.numero, instant_exact(recu.demande.depose_le)))
    if recu.refus:
        return Suite(409, alerte=recu.refus)
    if geste == ENREGISTRER:
        return Suite(422) if form.pieces_refusees else Suite(message=ENREGISTREE)
    if geste not in (IMPORTER, VERIFIER):
        return Suite()
    return Suite(422) if form.errors else Suite(200, question=True)


def _suite_du_refus(refus: RefusMetier | None) -> Suite:
    """Nothing was kept. A second sending leads to what the first one made; another tab's is told."""
    if isinstance(refus, DejaDeposee):
        return Suite(message=f"{refus} Rien d'autre n'a été envoyé.", niveau=messages.INFO)
    return Suite() if isinstance(refus, SaisieDepassee) else Suite(409, alerte=str(refus))


def _formulaire(forme: Formulable, data: Any = None, files: Any = None) -> FormulaireDemande:
    champs = forme.formulaire.champs_modifiables({})
    return FormulaireDemande(champs, forme.zones, data, files, brouillon=forme.brouillon)


def _page(requete: Requete, forme: Formulable, form: FormulaireDemande, suite: Suite) -> HttpResponse:
    contexte: dict[str, Any] = {
        "forme": forme,
        "form": form,
        "version": form.version,
        "inscrits": qui_deposent_par_formulaire(forme.enrolement.entreprise),
        "numero_ans": forme.enrolement.referencement.numero_ans,
        "etape": forme.type,
        "alerte": suite.alerte,
        "question": suite.question,
        "fenetre": annonce(forme.couloir.dsr, forme.type, recu_le(requete)),
        "precedente": forme.derniere if requete.method != "POST" else None,
        "peut_envoyer": peut_deposer(requete.user) and not forme.empechements,
    } | _montre(forme, formulaires.apercu(forme))
    return render(requete, "fournisseur/ma_demande/deposer.html", contexte, status=suite.statut)


def _montre(forme: Formulable, vu: Apercu) -> dict[str, Any]:
    """Beside the fields: who deposits, what is counted and computed (MSS-004 to MSS-009)."""
    enrolement, avance = forme.enrolement, forme.type is TypeDemande.AVANCE
    lignes = list(qui_depose(enrolement.referencement, enrolement.entreprise))
    if not avance and forme.avance is not None:
        lignes.append(("Numéro de dossier", forme.avance.dossier.numero))
    montants = list(calcule(forme.formulaire, forme.type, enrolement.taux_du_jour, vu.declare))
    if vu.calcul is not None:
        lignes += plus_haut(enrolement.taux_du_jour, vu.calcul.decide) if avance else ()
        de = "de l'avance" if avance else "du solde"
        montants.append(Donnee(f"Montant {de}, régime de TVA compris", en_euros(vu.calcul.decide)))
    return {
        "titre": "Déposer ma demande " + ("d'avance" if avance else "de solde"),
        "recapitulatif": lignes,
        "comptes": nombres(forme.formulaire, vu.comptes.donnees) if vu.comptes else (),
        "montants": montants,
        "calcul": vu.calcul,
        "avertissement": vu.avertissement,
    }
