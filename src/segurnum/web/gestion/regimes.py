"""An enrolment's VAT regime, changed by an officer: the new rate, its proof, the day from which it holds."""

from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import regimes as services
from segurnum.kits.champs import champ_jour, joint
from segurnum.kits.televersement import Televersement
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.seuil.acces import Requete, formulaire_de, reserve_a
from segurnum.seuil.limites import HEURE, PERSONNE, limite
from segurnum.web.gestion.enrolements import trouver

PREUVE = Televersement("preuve", PIECE_FORMULAIRE, champ_du_refus=None)


class FormulaireRegime(forms.Form):
    taux_tva = forms.TypedChoiceField(
        label="Nouveau taux de TVA",
        coerce=Decimal,
        choices=[
            (str(taux), en_taux(taux) if taux else "Non assujetti à la TVA (régime HT)")
            for taux in sorted(TAUX_TVA_PERMIS, reverse=True)
        ],
    )
    date_effet = champ_jour(
        "Date d'effet",
        "Indiquez la date d'effet.",
        "Aujourd'hui ou un jour à venir : les demandes déposées à partir de ce jour ont ce taux, les autres gardent "
        "le leur.",
    )
    preuve = joint(
        PIECE_FORMULAIRE,
        "Justificatif",
        "Joignez le justificatif du changement : il reste avec l'enrôlement.",
    )


@PREUVE.recoit
@formulaire_de(reserve_a(Profil.GESTIONNAIRE))
@limite("regimes", PERSONNE, 60, HEURE)
def changer(requete: Requete, enrolement: str) -> HttpResponse:
    inscrit = trouver(enrolement)

    def agir(form: FormulaireRegime) -> HttpResponse:
        preuve = form.cleaned_data["preuve"]
        regime = services.changer(
            enrolement=inscrit.pk,
            taux_tva=form.cleaned_data["taux_tva"],
            date_effet=form.cleaned_data["date_effet"],
            nom=preuve.nom,
            preuve=preuve.fichier,
            auteur=auteur(requete.user),
        )
        messages.success(requete, f"Le régime de TVA de {inscrit.numero} change : {services.phrase(regime)}.")
        return redirect("gestion:enrolement", inscrit.numero)

    def page(form: FormulaireRegime, statut: int) -> HttpResponse:
        contexte = {"enrolement": inscrit, "taux": en_taux(inscrit.taux_du_jour), "form": form}
        return render(requete, "gestion/regime_tva.html", contexte, status=statut)

    return PREUVE.servir(requete, FormulaireRegime, agir, page)
