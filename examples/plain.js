// A phone in a few lines. Beside the page and not inside it, for a page that allows no inline scripts.
const { login, phone, answer, hangup, status } = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map(element => [element.id, element]));
const say = text => { status.textContent = text; };

login.onsubmit = async event => {
  event.preventDefault();
  try {
    await Cti.login("", login.user.value, login.password.value);
    xc_webrtc.init(login.user.value);
    login.hidden = !(phone.hidden = false);
  } catch (error) {
    say(error.message);
  }
};

phone.onsubmit = event => {
  event.preventDefault();
  xc_webrtc.dial(phone.number.value);
};
answer.onclick = () => xc_webrtc.answer();
hangup.onclick = () => xc_webrtc.hangup();

for (const topic of Object.values(xc_webrtc.MessageType))
  xc_webrtc.setHandler(topic, ({ type, data }) => say([type, ...Object.values(data ?? {})].join(": ")));
