// Sends the files of form[data-televersement] with a progress bar. Without it the form is sent as it is.
// data-taille-max (octets, on the field): a file that would be refused is not sent at all.

const MO = 1024 * 1024;
// Rounded up: one octet too many is not « 5 Mo » when « 5 Mo au plus » are accepted.
const enMo = (octets) => (Math.ceil((octets / MO) * 100) / 100).toLocaleString("fr-FR");

function barre(formulaire) {
  let zone = formulaire.querySelector(".portail-progression");
  if (!zone) {
    zone = document.createElement("div");
    zone.className = "portail-progression";
    zone.innerHTML = '<progress max="100" value="0" aria-label="Envoi du fichier"></progress><p role="status"></p>';
    formulaire.append(zone);
  }
  zone.classList.remove("portail-rouge");
  zone.querySelector("progress").hidden = false;
  return { zone, jauge: zone.querySelector("progress"), texte: zone.querySelector("p") };
}

function refuser(champ, phrase) {
  // What the server said of an earlier sending is no more true of this one.
  document.querySelector("main .fr-alert--error[data-recoit-focus]")?.remove();
  const erreurs = document.getElementById(`${champ.id}_error`) ?? champ.parentElement;
  erreurs.querySelectorAll(".fr-message--error").forEach((ancienne) => ancienne.remove());
  const message = document.createElement("p");
  message.className = "fr-message fr-message--error";
  message.textContent = phrase;
  erreurs.append(message);
  champ.setAttribute("aria-invalid", "true");
  champ.focus();
}

function tropGros(formulaire) {
  for (const champ of formulaire.querySelectorAll('input[type="file"][data-taille-max]')) {
    const limite = Number(champ.dataset.tailleMax);
    for (const fichier of champ.files) {
      if (fichier.size > limite) {
        refuser(champ, `« ${fichier.name} » fait ${enMo(fichier.size)} Mo : ${enMo(limite)} Mo au plus sont acceptés.`);
        return true;
      }
    }
  }
  return false;
}

// A part of the portal is down (see seuil/pannes.py), or a proxy finds nobody behind it: this page stays as it is, its file chosen, to be sent again.
function direLaPanne(formulaire, zone, page) {
  delete formulaire.dataset.enCours;
  zone.remove();
  const dite = page.querySelector("[data-panne]");
  const phrase = dite
    ? `${dite.textContent} : laissez cette page ouverte et recommencez dans quelques minutes.`
    : page.querySelector(".fr-message--error").textContent;
  refuser(formulaire.querySelector('input[type="file"]'), phrase);
}

// What answered is no page of the portal: a proxy on the way. What it says is told, and the file stays chosen.
function direLeProxy(formulaire, zone, page, statut) {
  delete formulaire.dataset.enCours;
  zone.remove();
  const dit = (page.querySelector("h1") ?? page.querySelector("title") ?? page.body)?.textContent.trim().replace(/\s+/g, " ");
  const cause =
    statut === 413
      ? "le fichier est trop gros pour un intermédiaire du réseau"
      : "un intermédiaire du réseau a répondu à la place du portail";
  const phrase = `L'envoi n'a pas abouti : ${cause} (${statut}${dit ? `, « ${dit.slice(0, 120)} »` : ""}). Votre fichier reste choisi : recommencez dans quelques minutes, ou signalez-le à votre service informatique.`;
  refuser(formulaire.querySelector('input[type="file"]'), phrase);
}

// The answer: another page (the form was accepted), or this one again with what is wrong.
function suivre(requete, adresse, formulaire, zone) {
  if (requete.responseURL && requete.responseURL !== adresse) {
    window.location.assign(requete.responseURL);
    return;
  }
  const page = new DOMParser().parseFromString(requete.responseText, "text/html");
  if (requete.getResponseHeader("X-Panne") || page.querySelector("[data-panne]")) {
    direLaPanne(formulaire, zone, page);
    return;
  }
  const contenu = page.querySelector("main");
  if (!contenu) {
    direLeProxy(formulaire, zone, page, requete.status);
    return;
  }
  document.querySelector("main").replaceWith(contenu);
  document.title = page.title;
  document.dispatchEvent(new Event("portail:remplace"));
  (contenu.querySelector("[data-recoit-focus]") ?? contenu).focus();
}

function envoyer(formulaire, bouton) {
  const { zone, jauge, texte } = barre(formulaire);
  const donnees = new FormData(formulaire);
  if (bouton?.name) donnees.append(bouton.name, bouton.value);
  const adresse = new URL(bouton?.getAttribute("formaction") ?? formulaire.action, document.baseURI).href;
  const requete = new XMLHttpRequest();
  requete.open("POST", adresse);
  // The server tells by it whether its answer takes the place of this page, messages included (see `suivre`).
  const { pathname, search } = new URL(adresse);
  requete.setRequestHeader("X-Televersement", pathname + search);
  requete.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
    if (!lengthComputable) return;
    const part = Math.floor((loaded / total) * 100);
    jauge.value = part;
    texte.textContent =
      part < 100 ? `${enMo(loaded)} Mo envoyés sur ${enMo(total)} (${part} %)` : "Fichier reçu, contrôle en cours…";
  });
  requete.addEventListener("load", () => suivre(requete, adresse, formulaire, zone));
  requete.addEventListener("error", () => {
    delete formulaire.dataset.enCours;
    jauge.hidden = true;
    texte.textContent =
      "L'envoi a été interrompu : le fichier est peut-être trop gros ou la connexion coupée. Il n'est pas confirmé : laissez cette page ouverte et recommencez dans quelques minutes.";
    zone.classList.add("portail-rouge");
  });
  requete.send(donnees);
}

// Before the page's other listeners: a form that is not sent must not be marked as on its way.
document.addEventListener(
  "submit",
  (evenement) => {
    const formulaire = evenement.target;
    if (!formulaire.matches("form[data-televersement]")) return;
    evenement.preventDefault();
    if (formulaire.dataset.enCours || tropGros(formulaire)) return;
    formulaire.dataset.enCours = "oui";
    envoyer(formulaire, evenement.submitter);
  },
  { capture: true },
);

// A file that is dropped on its field, or beside it, is chosen as by « Parcourir ».
const zoneDe = ({ target, dataTransfer }) =>
  dataTransfer?.types.includes("Files") ? target.closest?.("form[data-televersement] .fr-upload-group") : undefined;

document.addEventListener("dragover", (evenement) => {
  const zone = zoneDe(evenement);
  if (!zone) return;
  evenement.preventDefault();
  zone.classList.add("portail-depose");
});

document.addEventListener("dragleave", (evenement) => zoneDe(evenement)?.classList.remove("portail-depose"));

document.addEventListener("drop", (evenement) => {
  const zone = zoneDe(evenement);
  if (!zone) return;
  evenement.preventDefault();
  zone.classList.remove("portail-depose");
  const champ = zone.querySelector('input[type="file"]');
  champ.files = evenement.dataTransfer.files;
  champ.dispatchEvent(new Event("change", { bubbles: true }));
});
