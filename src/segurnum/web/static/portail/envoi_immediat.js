// Sends at once the form of a page that only passes something on; its button does the same without scripts.
document.querySelector("form[data-envoi-immediat]")?.submit();
