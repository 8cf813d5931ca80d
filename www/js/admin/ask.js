// A question before something is done that is not easily taken back.

const dialog = document.getElementById("ask");

// Resolves to true if the answer was yes.  Escape is no, and so is whatever
// is asked while another question stands.
export function ask(question, text, yes) {
  if (dialog.open) return Promise.resolve(false);
  dialog.querySelector("#ask-title").textContent = question;
  dialog.querySelector("#ask-text").textContent = text;
  dialog.querySelector("#ask-yes").textContent = yes;
  dialog.returnValue = "";
  return new Promise((resolve) => {
    dialog.addEventListener("close",
      () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
