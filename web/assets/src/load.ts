// load fetches a page of this server as a document. XMLHttpRequest parses it
// itself and runs no script of it, so no string ever becomes markup here. With the
// name of a region the server may answer with that region alone.
export function load(url: string, signal?: AbortSignal, region?: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    if (new URL(url, location.href).origin !== location.origin) {
      reject(new Error("another host: " + url));
      return;
    }
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    if (region) request.setRequestHeader("Sockscope-Region", region);
    request.onload = () => {
      const page: unknown = request.response;
      if (request.status === 200 && page instanceof Document) resolve(page);
      else reject(new Error(`status ${request.status}`));
    };
    request.onerror = () => reject(new Error("no answer"));
    request.onabort = () => reject(new DOMException("replaced by a newer request", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send();
  });
}
