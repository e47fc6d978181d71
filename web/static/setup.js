// Set-up pages: what the visitor types stays in the page. Only the domain is
// asked about; the script fills {address} {local} {domain} into the answer.
"use strict";
{
const $ = (selector, root = document) => root.querySelector(selector);
const fields = /\{(address|local|domain)\}/g;
const quoted = text => text.replace(/[^\w]/g, "\\$&");

// filler remembers every text and form value below root that holds a field.
// A guide has an example address in their place, for readers without a script.
const filler = (root, example = "") => {
	const local = example.slice(0, example.lastIndexOf("@"));
	const pattern = example ? new RegExp(`(${quoted(example)})|(${quoted(local)})`, "g") : fields;
	const spots = [], keep = (node, property) => node[property].search(pattern) < 0 || spots.push([node, property, node[property]]);
	const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	for (let node; (node = walk.nextNode());) keep(node, "data");
	for (const input of root.querySelectorAll("input[type=hidden]")) keep(input, "value");
	return address => {
		const at = address.lastIndexOf("@");
		if (at < 1 || at === address.length - 1) return;
		const values = { address, local: address.slice(0, at), domain: address.slice(at + 1) };
		for (const [node, property, text] of spots) node[property] = text.replace(pattern, (_, first) => values[example ? (first ? "address" : "local") : first]);
	};
};

// A guide has a field for the address.
const guide = $(".fill");
if (guide) {
	const fill = filler($("main"), $("main").dataset.example);
	guide.hidden = false;
	$("input", guide).addEventListener("input", event => fill(event.target.value.trim()));
}

// The form: ask for "@domain" and fill the answer in here. Whatever goes
// wrong, the form is sent as it would be without a script.
const form = $("form.ask[method=post]");
form?.addEventListener("submit", async event => {
	const address = form.elements.address.value.trim(), at = address.lastIndexOf("@");
	if (at < 1) return;
	event.preventDefault();
	try {
		const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ address: address.slice(at) }) });
		const page = new DOMParser().parseFromString(await answer.text(), "text/html"), main = $("main[data-fill]", page);
		if (!answer.ok || !main) throw answer;
		filler(main)(address);
		$("main").replaceWith(document.adoptNode(main));
		document.title = page.title;
		history.pushState(null, "", location.href);
		addEventListener("popstate", () => location.reload());
		document.dispatchEvent(new Event("signpost:main"));
		const heading = $("main h1");
		heading.tabIndex = -1;
		heading.focus();
	} catch {
		form.submit();
	}
});
}
