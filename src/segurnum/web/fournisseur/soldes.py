"""« Préparer mes soldes »: the decided advances that wait for their balance, and the file begun from those chosen."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.depots import soldes
from segurnum.fichiers import formats
from segurnum.kits import colonnes
from segurnum.kits.geste import faire
from segurnum.kits.selection import cochees
from segurnum.kits.tableau import Choix, Colonne, Tableau
from segurnum.regles.calendrier import jour_de_paris, maintenant
from segurnum.seuil.acces import Requete, deposants, entreprise_de
from segurnum.seuil.limites import ENTREPRISE, HEURE, limite
from segurnum.seuil.telechargements import proteger
from segurnum.web.fournisseur.acces import consultation, geste

CLASSEUR = "xlsx"
LISTE = Tableau(
    "liste-a-solder",
    "Avances décidées qui attendent leur solde",
    (
        Colonne(
            "numero",
            "Numéro de dossier",
            colonnes.contient("numero"),
            ("numero",),
            titre=True,
            lien=lambda ligne: reverse("fournisseur:demande", args=[ligne.numero]),
        ),
        colonnes.texte("editeur", "Numéro Éditeur", "numero_editeur"),
        colonnes.texte("ans", "Numéro ANS", "dossier__enrolement__referencement__numero_ans"),
        Colonne("logiciel", "Logiciel", cellule="couloir.logiciel"),
        colonnes.jour("depot", "Date dépôt", "depose_le"),
        Colonne(
            "montant",
            "Montant Ségur Déclaré",
            None,
            ("montant_declare",),
            cellule="montant_declare|euros",
            nombre=True,
        ),
        Colonne("va", "VA, mention de facture", cellule="fournisseur/cellules/etablir_va.html"),
    ),
    ordre=("-depose_le", "-pk"),
    vide="Aucune avance décidée n'attend son solde.",
    legende_lue=True,
    choix=Choix("avance", lambda ligne: ligne.pk, lambda ligne: f"l'avance {ligne.numero}", "une avance"),
)


@consultation(profil=Profil.FOURNISSEUR)
def a_solder(requete: Requete) -> HttpResponse:
    lignes = soldes.a_solder(entreprise_de(requete))
    contexte = {
        "titre": "Préparer mes soldes",
        "fil": "Préparer mes soldes",
        "affiche": LISTE.lire(lignes, requete.GET),
    }
    return render(requete, "fournisseur/soldes.html", contexte)


@geste(deposants, profil=Profil.FOURNISSEUR)
@limite("soldes", ENTREPRISE, 200, HEURE, quoi="fichiers préparés")
def fichier(requete: Requete) -> HttpResponse:
    """The file of the balances of what is ticked, to complete, then to simulate; nothing is kept of it."""
    entreprise = entreprise_de(requete)

    def agir() -> HttpResponse:
        dsr, prepare = soldes.fichier_des_soldes(
            entreprise, cochees(LISTE, soldes.a_solder(entreprise), requete)
        )
        en_classeur = requete.POST.get("forme") == CLASSEUR
        octets = soldes.en_classeur(dsr, prepare) if en_classeur else soldes.en_json(prepare)
        jour = jour_de_paris(maintenant()).isoformat()
        nom = f"soldes-{prepare['numeroAns']}-{jour}.{CLASSEUR if en_classeur else 'json'}"
        return proteger(HttpResponse(octets, content_type=formats.type_de(nom)), nom)

    return faire(requete, agir, reverse("fournisseur:a_solder"))
