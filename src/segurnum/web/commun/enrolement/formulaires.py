"""The forms of the enrolment, step by step: what is typed, and which pieces go with it (ENR-016 to ENR-053).

Each is built from what the draft keeps: `data` are texts, `initial` holds the names of the files already there.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe

from segurnum.controles.fichiers import PIECE_FORMULAIRE
from segurnum.enrolements import admission
from segurnum.enrolements.pieces import QualiteTiers, TypePiece
from segurnum.kits.champs import (
    NON,
    OUI,
    ChampFichier,
    champ,
    courriel,
    liste,
    oui_non,
    proposer,
    telephone,
    texte,
)
from segurnum.referentiel.communes import communes, extensions, types_de_voie
from segurnum.referentiel.models import Referencement
from segurnum.regles.argent import TAUX_TVA_PERMIS, en_taux
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import est_numero_ans
from segurnum.web.commun.banque import ChampsBancaires

T = TypePiece
NON_ASSUJETTI = "0"
CODE_INCONNU = (
    "Le code postal « {} » n'est celui d'aucune commune : donnez celui de la commune, et non un code CEDEX ou de boîte "
    "postale."
)
BOITE = "La boîte mail saisie sera celle sur laquelle arriveront l'ensemble des mails."
AIDE_FICHIER = "Fichier de type : .png, .jpg, .jpeg ou .pdf. Taille maximum : 4 Mo"
Saisie = dict[str, Any]
# True when the answers ask for them, and the names of these fields.
Partie = tuple[bool, Sequence[str]]
# As many files as a step may carry at once.
TAILLE_ETAPE = 4 * PIECE_FORMULAIRE.taille_max + 4


def nom_du_champ(piece: TypePiece) -> str:
    return f"piece_{piece.value.lower()}"


class ChampPiece(ChampFichier):
    """A piece of the enrolment (ENR-024)."""

    def __init__(self, type_piece: TypePiece, **options: Any) -> None:
        self.type_piece = type_piece
        super().__init__(
            PIECE_FORMULAIRE, **{"label": type_piece.libelle, "help_text": AIDE_FICHIER} | options
        )


class FormulaireEtape(forms.Form):
    """A step: texts that the draft keeps as typed, pieces that it keeps once checked.

    `recues`: the files just sent that passed their checks, once the form is judged, asked for or not.
    """

    use_required_attribute = False
    recues: Mapping[str, "UploadedFile[bytes]"] = {}

    @property
    def champs_pieces(self) -> dict[str, ChampPiece]:
        return {nom: champ for nom, champ in self.fields.items() if isinstance(champ, ChampPiece)}

    def tel_que_saisi(self) -> dict[str, str]:
        """What is typed, right or wrong, so that it is found again."""
        return {nom: str(self.data.get(nom, "")) for nom in self.fields if nom not in self.champs_pieces}

    def parties(self, _saisie: Saisie) -> Iterable[Partie]:
        """The parts that depend on an answer, as the page shows and hides them (enrolement.css)."""
        return ()

    def clean(self) -> dict[str, Any]:
        """What an answer asks for is mandatory; what it does not is neither reproached nor declared: nobody can mend
        a field that the page hides. The draft keeps it all the same: the answer may come back.
        """
        saisie = super().clean() or self.cleaned_data
        self.recues = {
            nom: saisie[nom]
            for nom in self.champs_pieces
            if nom in self.files and isinstance(saisie.get(nom), UploadedFile)
        }
        for demandee, champs in self.parties(saisie):
            for nom in champs:
                if not demandee:
                    self.errors.pop(nom, None)
                    saisie[nom] = None if nom in self.champs_pieces else ""
                elif nom not in self.errors and not saisie.get(nom):  # what was refused already says why
                    self.add_error(nom, self.fields[nom].error_messages["required"])
        return saisie

    def retenir(self) -> None:
        """The draft now holds the files that passed their checks: they are shown as kept."""
        for nom, fichier in self.recues.items():
            del self.files[nom]
            self[nom].initial = fichier.name

    def ajouter_piece(self, piece: TypePiece, *, si_demandee: str = "", **options: Any) -> None:
        """`si_demandee`: what is said of its absence, for one that an answer makes mandatory; it carries the same star
        as one that is so by itself (ENR-010).
        """
        if si_demandee:
            options |= {"label": f"{piece.libelle} *", "error_messages": {"required": si_demandee}}
        self.fields[nom_du_champ(piece)] = ChampPiece(piece, required=not si_demandee, **options)


class FormulaireNumero(forms.Form):
    """« Rechercher » an ANS number (ENR-016 to ENR-021)."""

    use_required_attribute = False
    numero_ans = texte(
        "N° unique de référencement (ANS)",
        maximum=30,
        help_text="10 lettres et chiffres, par exemple zbuMSS0001",
    )

    def __init__(self, *args: Any, entreprise: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entreprise = entreprise

    def clean_numero_ans(self) -> str:
        numero = str(self.cleaned_data["numero_ans"]).strip()
        if not est_numero_ans(numero):
            raise forms.ValidationError(
                f"« {numero} » n'est pas un numéro de référencement : 10 lettres ou chiffres sont attendus, majuscules "
                "et minuscules comprises."
            )
        try:
            admission.referencement_a_enroler(numero, self.entreprise)
        except GesteImpossible as refus:
            raise forms.ValidationError(str(refus)) from refus
        return numero


class PartieReferencement(FormulaireEtape):
    """The certificate, the hosting of health data, the purchase order (ENR-022 to ENR-027, ENR-111)."""

    def __init__(self, *args: Any, reference: Referencement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reference = reference
        if reference is None:
            return
        if reference.valide:
            self.ajouter_piece(T.CERTIFICAT)
            if reference.est_dpi:
                self._demander_l_hebergement()
        if reference.profil_operateur == Referencement.ProfilOperateur.ACHETEUR:
            self.ajouter_piece(T.COMMANDE_OPERATEUR)

    def _demander_l_hebergement(self) -> None:
        self.fields["heberge_donnees"] = oui_non(
            "Hébergez-vous des données de santé pour au moins un de vos clients ?"
        )
        self.ajouter_piece(
            T.HDS_CERTIFICAT,
            si_demandee="Déposez le certificat d'hébergement, en cours de validité.",
            help_text=_aide("Certificat en cours de validité."),
        )
        self.ajouter_piece(
            T.HDS_ATTESTATION, si_demandee="Déposez l'attestation sur l'honneur de non hébergement."
        )

    @property
    def hebergement(self) -> bool | None:
        """The answer about health data; None where it is not asked."""
        reponse = self.cleaned_data.get("heberge_donnees")
        return reponse == OUI if reponse else None

    def parties(self, saisie: Saisie) -> Iterable[Partie]:
        yield from super().parties(saisie)
        if "heberge_donnees" in self.fields:
            reponse = saisie.get("heberge_donnees")
            yield reponse == OUI, [nom_du_champ(T.HDS_CERTIFICAT)]
            yield reponse == NON, [nom_du_champ(T.HDS_ATTESTATION)]


class PartieTva(FormulaireEtape):
    """The VAT rate, and the proof of who pays none (ENR-052, ENR-053, ENR-075)."""

    taux_tva = forms.ChoiceField(
        label="Taux de TVA applicable à votre structure",
        choices=[
            *((str(taux), en_taux(taux)) for taux in sorted(TAUX_TVA_PERMIS, reverse=True) if taux),
            (NON_ASSUJETTI, "Non assujetti à la TVA (régime HT)"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le taux de TVA, ou « Non assujetti à la TVA (régime HT) »."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ajouter_piece(
            T.NON_ASSUJETTISSEMENT,
            si_demandee="Déposez l'attestation de « Non-assujettissement à la TVA » de votre structure.",
            help_text=_aide("Attestation délivrée par la Direction des Finances Publiques."),
        )

    def parties(self, saisie: Saisie) -> Iterable[Partie]:
        yield from super().parties(saisie)
        yield saisie.get("taux_tva") == NON_ASSUJETTI, [nom_du_champ(T.NON_ASSUJETTISSEMENT)]

    @property
    def taux(self) -> Decimal:
        return Decimal(self.cleaned_data["taux_tva"])


class FormulaireComplementaire(PartieReferencement, PartieTva):
    """Another software, on one page (ENR-074 to ENR-078). `mandat`: the account holder's mandate for this wave is still
    to deposit.
    """

    def __init__(self, *args: Any, mandat: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if mandat:
            self.ajouter_piece(T.MANDAT_SIGNATURE)
        if self.reference is not None and self.reference.nature == Referencement.Nature.DISTRIBUTEUR:
            self.ajouter_piece(T.MANDAT_EDITEUR)


class FormulaireBanque(ChampsBancaires, FormulaireEtape):
    """Step 3 (ENR-049 to ENR-051)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ajouter_piece(T.RIB)


class FormulaireDemandeur(FormulaireEtape):
    """Step 2, once the company is known (ENR-031 to ENR-048)."""

    denomination = texte("Dénomination sociale", maximum=200)
    nom_commercial = texte("Nom commercial", maximum=200)
    destinataire = texte("Identité du destinataire / service", obligatoire=False)
    batiment = texte("Entrée / Bât / Immeuble", obligatoire=False)
    numero = texte("N°", obligatoire=False, maximum=10)
    extension = liste("Extension", "")
    type_voie = liste("Type de voie", "Sélectionnez un type de voie.", "Sélectionner un type de voie")
    nom_voie = texte("Nom de voie")
    complement = texte("Complément d'adresse", obligatoire=False)
    code_postal = forms.RegexField(
        r"\A[0-9]{5}\Z",
        label="Code postal",
        error_messages={
            "required": "Renseignez « Code postal ».",
            "invalid": "Un code postal a 5 chiffres, par exemple 87000.",
        },
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "hx-get": reverse_lazy("public:communes"),
                "hx-trigger": "input changed delay:300ms",
                "hx-target": "#id_commune",
            }
        ),
    )
    commune = liste("Commune", "Sélectionnez une commune.", "Sélectionner une commune")
    est_representant = oui_non("Je suis le représentant légal du fournisseur")

    qualite = champ(
        "Merci de préciser votre qualité en tant que tiers déclarant",
        "Précisez votre qualité en tant que tiers déclarant.",
        forms.ChoiceField,
        required=False,
        choices=[(qualite.name, qualite.value) for qualite in QualiteTiers],
        widget=forms.RadioSelect,
    )

    PERSONNE = (
        ("nom", "Nom", partial(texte, maximum=100)),
        ("prenom", "Prénom", partial(texte, maximum=100)),
        ("courriel", "Email", courriel),
        ("confirmation", "Confirmation email", courriel),
        ("telephone", "Téléphone", telephone),
    )

    def __init__(
        self, *args: Any, reference: Referencement | None, denomination_connue: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.denomination_connue = denomination_connue
        qualite = self.fields.pop("qualite")
        for nom, libelle, genre in self.PERSONNE:
            self.fields[f"representant_{nom}"] = genre(f"{libelle} du représentant")
        # The star says that they are mandatory once the page shows them.
        for nom, libelle, genre in self.PERSONNE:
            self.fields[f"depositaire_{nom}"] = genre(f"{libelle} du dépositaire *", obligatoire=False)
        self.fields["depositaire_courriel"].help_text = BOITE
        self.fields["qualite"] = qualite
        self._proposer()
        kbis = "La dénomination sociale a changé : déposez un kbis qui le justifie."
        self.ajouter_piece(T.KBIS, si_demandee=kbis)
        if reference is not None and reference.nature == Referencement.Nature.DISTRIBUTEUR:
            self.ajouter_piece(T.MANDAT_EDITEUR)
        self.ajouter_piece(
            T.IDENTITE_REPRESENTANT,
            label=mark_safe(  # a constant: the end is said to a third party only
                'CNI, passeport ou titre de séjour<span class="portail-si-tiers"> du représentant</span>'
            ),
            help_text=_aide("Pièce en cours de validité."),
        )
        self.ajouter_piece(
            T.IDENTITE_DEPOSITAIRE,
            si_demandee="Choisissez le fichier à déposer.",
            help_text=_aide("Pièce en cours de validité."),
        )
        contrat = "Déposez le contrat de prestation, avec délégation de signature."
        mandat = "Déposez le mandat de délégation de signature du représentant légal."
        self.ajouter_piece(T.CONTRAT_PRESTATION, si_demandee=contrat)
        self.ajouter_piece(T.MANDAT_SIGNATURE, si_demandee=mandat)

    def _proposer(self) -> None:
        source = self.data if self.is_bound else self.initial
        du_code = communes(str(source.get("code_postal", "")).strip())
        for nom, valeurs in (
            ("type_voie", types_de_voie()),
            ("extension", extensions()),
            ("commune", du_code),
        ):
            proposer(self, nom, ((valeur, valeur) for valeur in valeurs))

    @property
    def nom_change(self) -> bool:
        """True when the name is not the directory's (ENR-036)."""
        saisie = str(self["denomination"].value() or "")
        return bool(self.denomination_connue) and _reduit(saisie) != _reduit(self.denomination_connue)

    def parties(self, saisie: Saisie) -> Iterable[Partie]:
        yield from super().parties(saisie)
        reponse, qualite = saisie.get("est_representant"), saisie.get("qualite")
        tiers = reponse == NON
        yield self.nom_change, [nom_du_champ(T.KBIS)]
        yield bool(reponse), [*self._champs("representant"), nom_du_champ(T.IDENTITE_REPRESENTANT)]
        yield tiers, [*self._champs("depositaire"), nom_du_champ(T.IDENTITE_DEPOSITAIRE), "qualite"]
        yield tiers and qualite == QualiteTiers.PRESTATAIRE.name, [nom_du_champ(T.CONTRAT_PRESTATION)]
        yield tiers and qualite == QualiteTiers.EMPLOYE.name, [nom_du_champ(T.MANDAT_SIGNATURE)]

    def _champs(self, role: str) -> list[str]:
        return [f"{role}_{nom}" for nom, _, _ in self.PERSONNE]

    @property
    def personnes(self) -> dict[str, list[forms.BoundField]]:
        return {role: [self[nom] for nom in self._champs(role)] for role in ("representant", "depositaire")}

    def clean_code_postal(self) -> str:
        """A code that no commune has leaves nothing to choose: that is what is said, and of the commune nothing."""
        code = str(self.cleaned_data["code_postal"])
        if not communes(code):
            raise forms.ValidationError(CODE_INCONNU.format(code))
        return code

    def clean(self) -> dict[str, Any]:
        saisie = super().clean()
        if "code_postal" in self.errors:
            self.errors.pop("commune", None)
        for role in ("representant", "depositaire"):
            adresse, confirmation = saisie.get(f"{role}_courriel"), saisie.get(f"{role}_confirmation")
            if adresse and confirmation and adresse.lower() != confirmation.lower():
                phrase = "Les deux adresses ne sont pas identiques : saisissez deux fois la même."
                self.add_error(f"{role}_confirmation", phrase)
        return saisie


def _aide(debut: str) -> str:
    return f"{debut} {AIDE_FICHIER}"


def _reduit(nom: str) -> str:
    return " ".join(nom.split()).casefold()
