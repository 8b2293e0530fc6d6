package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/employment-passport/passport/internal/httpkit"
	"github.com/employment-passport/passport/internal/i18n"
	"github.com/employment-passport/passport/verifier/verifierweb"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// servePage shows the page on this computer until ctx ends. It opens nothing by
// itself: which browser, is the person's to say.
func (a *app) servePage(ctx context.Context, o verifyPageOptions, web *verifierweb.Web) error {
	if !isPageListen(o.listen) {
		return fail(exitUsage, "page_listen", "address", o.listen)
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fail(exitUsage, "serve_listen", "address", o.listen).wrap(err)
	}
	base := &url.URL{Scheme: "http", Host: l.Addr().String()}
	server := &http.Server{
		Handler: pageHandler(base, web), ReadHeaderTimeout: headerTime, ReadTimeout: headerTime,
		WriteTimeout: answerTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- closed(server.Serve(l)) }()
	if err := a.sayServed(base); err != nil {
		_ = server.Close()
		return err
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	wait, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer stop()
	return errors.Join(server.Shutdown(wait), <-ended)
}

// pageHandler is the page alone. A page of a stranger that has its name lead to
// this computer gets nothing (DNS rebinding): only names of the loop pass.
func pageHandler(base *url.URL, web *verifierweb.Web) http.Handler {
	r := chi.NewRouter()
	r.Use(
		httpkit.RequestIDs, httpkit.WithWords(words), httpkit.SecurityHeaders(false), httpkit.Recover,
		httpkit.StrictPath, httpkit.CanonicalHost(base, nil), middleware.GetHead,
	)
	r.NotFound(httpkit.NotFound)
	r.MethodNotAllowed(httpkit.MethodNotAllowed(r))
	web.Routes(r)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, verifierweb.Path, http.StatusSeeOther)
	})
	return r
}

func (a *app) sayServed(base *url.URL) error {
	address := base.JoinPath(verifierweb.Path).String()
	if a.json {
		return a.printJSON(map[string]string{"listening": base.Host, "url": address})
	}
	fmt.Fprintln(a.out, address)
	if !a.quiet {
		fmt.Fprintf(a.err, "passport: %s\n", i18n.T(i18n.Match(a.lang), "page.serving", nil))
	}
	return nil
}
