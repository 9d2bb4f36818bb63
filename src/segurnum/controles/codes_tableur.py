"""What may be wrong with a spreadsheet before it is a file of requests: the codes that `tableurs` speaks by."""

from __future__ import annotations

from segurnum.controles.catalogue import AVERTISSEMENT, ERREUR, declarer

ILLISIBLE = declarer(
    "1301",
    "Tableur illisible",
    ERREUR,
    "Le fichier n'est ni un classeur XLSX ou ODS, ni un fichier CSV que le portail puisse lire.",
    "Enregistrez-le dans votre tableur au format .xlsx, .ods ou .csv, sans mot de passe.",
)
SANS_TITRES = declarer(
    "1302",
    "Feuille sans en-têtes",
    ERREUR,
    "Aucune ligne de la feuille ne porte les titres des colonnes attendues.",
    "Repartez du modèle de tableur publié, ou donnez à vos colonnes les libellés de la documentation.",
)
TITRE_DOUTEUX = declarer(
    "1303",
    "Titre de colonne douteux",
    ERREUR,
    "Le titre d'une colonne peut désigner plusieurs champs, ou deux colonnes portent le même.",
    "Écrivez le titre comme le modèle, ou le chemin du champ.",
)
CONTRADICTION = declarer(
    "1304",
    "Lignes qui se contredisent",
    ERREUR,
    "Deux lignes d'une même demande donnent à un champ qui n'a qu'une valeur deux valeurs différentes.",
    "Écrivez la même valeur sur toutes les lignes de la demande, ou sur la première seulement.",
)
MODELE_ANCIEN = declarer(
    "1305",
    "Modèle remplacé",
    AVERTISSEMENT,
    "Le classeur vient d'un modèle dont les colonnes ont changé depuis.",
    "Téléchargez le modèle du jour et reportez-y vos lignes.",
)
CELLULE = declarer(
    "1306",
    "Cellule d'un autre genre",
    ERREUR,
    "La cellule est une date, un nombre, une erreur ou une formule sans valeur là où autre chose est attendu.",
    "Mettez la cellule au format « Texte » et ressaisissez sa valeur.",
)
TROP_DE_LIGNES = declarer(
    "1307",
    "Trop de demandes dans la feuille",
    ERREUR,
    "Une feuille porte au plus 200 demandes.",
    "Partagez les demandes entre plusieurs fichiers.",
)
AUTRE_COULOIR = declarer(
    "1308",
    "Ligne d'un autre couloir",
    ERREUR,
    "Une ligne de la feuille relève d'un autre couloir, ou d'un autre type de demande, que les autres.",
    "Faites une feuille, et un fichier, par couloir et par type.",
)
COLONNE_ABSENTE = declarer(
    "1309",
    "Colonne attendue absente",
    ERREUR,
    "La feuille n'a pas une colonne dont aucune demande ne peut se passer.",
    "Ajoutez la colonne, sous le titre indiqué.",
)
COULOIR_A_CHOISIR = declarer(
    "1310",
    "Couloir à choisir",
    ERREUR,
    "Les colonnes de la feuille conviennent à plusieurs couloirs, ou aux deux types de demande.",
    "Dites de quel couloir et de quel type sont les demandes.",
)
COLONNE_LAISSEE = declarer(
    "1311",
    "Colonne laissée de côté",
    AVERTISSEMENT,
    "Le titre de la colonne n'est celui d'aucun champ : elle n'est pas lue.",
    "Rien à faire si cette colonne est la vôtre ; corrigez son titre sinon.",
)
LU_AUTREMENT = declarer(
    "1312",
    "Valeur lue autrement",
    AVERTISSEMENT,
    "La valeur n'est pas écrite comme attendu et se lit sans doute possible : c'est dit, rien n'est perdu.",
    "Vérifiez la valeur lue.",
)
ZERO_RENDU = declarer(
    "1313",
    "Zéro rendu à un identifiant",
    AVERTISSEMENT,
    "Le tableur a retiré les zéros du début d'un identifiant ; ils lui sont rendus.",
    "Mettez la colonne au format « Texte » avant la saisie, comme dans le modèle.",
)
A_SAVOIR = declarer(
    "1314",
    "Ce qui a été lu, et comment",
    AVERTISSEMENT,
    "Des feuilles n'ont pas été lues, ou des formules, des cellules fusionnées, un codage l'ont été à leur façon.",
    "Vérifiez que la feuille lue est la bonne.",
)
LIGNE_REPETEE = declarer(
    "1315",
    "Ligne répétée",
    AVERTISSEMENT,
    "Une ligne n'ajoute rien à celle qui la précède : elle compte une seule fois.",
    "Retirez la ligne, ou corrigez ce qui la distingue.",
)
