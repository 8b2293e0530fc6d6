package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/employment-passport/passport/issuer/sockstore"
)

const (
	drainTime      = 10 * time.Second // for what is in work when the service is told to stop
	headerTime     = 5 * time.Second  // for a client to send its headers
	idleTime       = 60 * time.Second // of a connection between two requests
	answerTime     = 60 * time.Second // for a client to take its answer
	maxHeaderBytes = 16 << 10
)

// runService answers until ctx ends and then drains: it takes no new
// connection, finishes what it has begun, ends its loops and its socket.
func (a *app) runService(ctx context.Context, s *service, d *doors) error {
	rest := restHeap()
	defer runtime.KeepAlive(rest)
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var background sync.WaitGroup
	defer background.Wait()
	defer end() // before the wait
	failed := make(chan error, 4)
	report := func(err error) {
		if err != nil && life.Err() == nil {
			failed <- err
		}
	}
	alone := &meteredStore{Store: aloneStore{s.house.bolt}, meters: s.house.meters, now: a.now}
	lent, err := lendStore(life, s.house.dir, s.reached(), s.house.bolt, alone, a.now, s.house.log)
	if err != nil {
		return fail(exitUsage, "serve_socket", "path", s.house.path(sockstore.FileName)).wrap(err)
	}
	background.Go(func() { report(lent()) })
	for _, loop := range s.loops {
		background.Go(func() { report(loop(life)) })
	}
	servers := []*http.Server{s.server(life, s.handler)}
	background.Go(func() { report(closed(servers[0].Serve(d.main))) })
	if d.metrics != nil {
		servers = append(servers, s.server(life, s.metricsHandler()))
		background.Go(func() { report(closed(servers[1].Serve(d.metrics))) })
	}
	if err := a.sayReady(d.main.Addr().String(), s.base); err != nil {
		s.drain(servers) // nobody has heard where it answers
		return err
	}
	if s.config.VCAPI.OpenUnsafe {
		s.house.log.Warn("everybody may issue without a key (vcApi.openUnsafe)", "issuer", s.config.VCAPI.Issuer)
	}
	if s.reached().Assumed {
		s.house.log.Warn("no baseURL: links work on this machine only, and sheets give out none", "base", s.base.String())
	}
	s.house.log.Info("serving", "listen", d.main.Addr().String(), "base", s.base.String())
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.drain(servers)
	s.house.log.Info("stopped")
	return err
}

// server is one with limits on everything that a slow client could hold.
func (s *service) server(life context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       time.Duration(s.config.Limits.BodyTimeout),
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.house.log.Handler(), slog.LevelDebug), // a stranger's broken request is no event
		BaseContext:       func(net.Listener) context.Context { return life },
	}
}

// drain lets what is in work finish. A second signal ends it at once.
func (s *service) drain(servers []*http.Server) {
	s.house.log.Info("stopping")
	close(s.stopping)
	wait, stop := context.WithTimeout(context.Background(), drainTime)
	defer stop()
	again, release := signal.NotifyContext(wait, os.Interrupt, syscall.SIGTERM)
	defer release()
	for _, server := range servers {
		if server.Shutdown(again) != nil {
			_ = server.Close()
		}
	}
}

func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
