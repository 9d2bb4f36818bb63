// Passkeys: asks the browser for one, or for the proof of one, and sends its answer with the form of the page.
// Without this the other ways of the page remain.

const octets = (texte) =>
  Uint8Array.from(atob(texte.replaceAll("-", "+").replaceAll("_", "/")), (lettre) => lettre.charCodeAt(0));

const texte = (tampon) =>
  btoa(String.fromCharCode(...new Uint8Array(tampon)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

function lire(json) {
  const options = JSON.parse(json);
  options.challenge = octets(options.challenge);
  if (options.user) options.user.id = octets(options.user.id);
  for (const liste of [options.excludeCredentials, options.allowCredentials]) {
    for (const cle of liste ?? []) cle.id = octets(cle.id);
  }
  return options;
}

function ecrire(cle) {
  const response = {};
  for (const champ of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (cle.response[champ]) response[champ] = texte(cle.response[champ]);
  }
  const { id, type } = cle;
  return JSON.stringify({ id, rawId: texte(cle.rawId), type, response, clientExtensionResults: {} });
}

const REFUS = {
  InvalidStateError: "Cet appareil a déjà une clé d'accès pour votre compte.",
  SecurityError: "Une clé d'accès ne se donne qu'à l'adresse officielle du portail : vérifiez celle de cette page.",
};
const ABANDON = "Aucune clé d'accès n'a été donnée : la demande a été abandonnée, ou son délai est passé.";

function brancher(bouton) {
  const formulaire = bouton.form;
  const refus = formulaire.querySelector("[data-cle-acces-refus]");
  formulaire.querySelector("[data-cle-acces-impossible]").hidden = true;
  bouton.hidden = false;
  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    refus.hidden = true;
    bouton.disabled = true;
    try {
      const cle = await navigator.credentials[bouton.dataset.cleAcces]({ publicKey: lire(bouton.dataset.options) });
      formulaire.querySelector("[data-cle-acces-reponse]").value = ecrire(cle);
      formulaire.submit();
    } catch (erreur) {
      refus.textContent = REFUS[erreur.name] ?? ABANDON;
      refus.hidden = false;
      bouton.disabled = false;
      bouton.focus();
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("[data-cle-acces]").forEach(brancher);
