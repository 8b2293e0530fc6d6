package access_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer/access"
)

// TestFiftyRedeemOneInvitation: one gets in, and the log knows of one.
func TestFiftyRedeemOneInvitation(t *testing.T) {
	w := newWorld(t)
	w.add("anna", access.Officer)
	code, expires, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	if !expires.Equal(today.Add(72 * time.Hour)) {
		t.Errorf("expires %s", expires)
	}
	var in, out atomic.Int32
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			cookie, err := w.Redeem(t.Context(), code, passkey(fmt.Sprint(n)))
			switch {
			case err == nil && cookie != "":
				in.Add(1)
			case errors.Is(err, access.ErrUnauthenticated) && cookie == "":
				out.Add(1)
			default:
				t.Errorf("%q, %v", cookie, err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 || out.Load() != 49 || strings.Count(w.log(), "user.redeem anna passkey\n") != 1 {
		t.Errorf("%d in, %d out; log:\n%s", in.Load(), out.Load(), w.log())
	}
	_, err = w.Invited(t.Context(), code)
	is(t, err, access.ErrUnauthenticated)
}

// TestLookingAtAnInvitationTakesNothing: link previews open it first.
func TestLookingAtAnInvitationTakesNothing(t *testing.T) {
	w := newWorld(t)
	w.add("anna", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	before := w.store.updates.Load()
	for range 10 {
		a, err := w.Invited(t.Context(), code)
		must(t, err)
		if a.Name != "anna" || len(a.Handle) != 32 {
			t.Errorf("%+v", a)
		}
	}
	if w.store.updates.Load() != before {
		t.Error("looking writes")
	}
	_, err = w.Redeem(t.Context(), code, passkey("one"))
	must(t, err)
}

// TestGuessingAnInvitationLocksIt after five wrong secrets, which the log tells.
func TestGuessingAnInvitationLocksIt(t *testing.T) {
	w := newWorld(t)
	w.add("anna", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	for n := range 7 {
		_, err := w.Invited(t.Context(), code[:len(code)-1]+string("abcdefg"[n]))
		if code[len(code)-1] != "abcdefg"[n] {
			is(t, err, access.ErrUnauthenticated)
		}
	}
	_, err = w.Redeem(t.Context(), code, passkey("one"))
	is(t, err, access.ErrUnauthenticated)
	w.wrote("nobody user.invite.locked anna")
	if strings.Count(w.log(), "locked") != 1 {
		t.Error("locked more than once")
	}
}

func TestInvitationsThatOpenNothing(t *testing.T) {
	w := newWorld(t)
	w.add("anna", access.Officer)
	invite := func() string {
		code, _, err := w.Invite(t.Context(), admin, "anna", false)
		must(t, err)
		return code
	}
	older := invite()
	newer := invite()
	_, err := w.Redeem(t.Context(), older, passkey("one"))
	is(t, err, access.ErrUnauthenticated) // the newer one took its place
	w.pass(access.InviteLife)
	_, err = w.Redeem(t.Context(), newer, passkey("one"))
	is(t, err, access.ErrUnauthenticated)

	disabled := invite()
	_, err = w.DisableUser(t.Context(), admin, "anna")
	must(t, err)
	_, err = w.Redeem(t.Context(), disabled, passkey("one"))
	is(t, err, access.ErrUnauthenticated)
	_, _, err = w.Invite(t.Context(), admin, "anna", false)
	refused(t, err, "user_disabled")
	_, _, err = w.Invite(t.Context(), admin, "ben", false)
	refused(t, err, "user_unknown")
}

func TestPasskeySignsIn(t *testing.T) {
	w := newWorld(t)
	first := w.signedIn("anna", access.Officer)
	used := passkey("anna")
	used.Credential = []byte(`{"id":"anna","count":2}`)
	second, err := w.SignIn(t.Context(), used)
	must(t, err)
	for _, cookie := range []string{first, second} {
		p, err := w.FromSession(t.Context(), cookie)
		must(t, err)
		if p.Actor != "user:anna" || p.ViaKey || p.May(access.ActIssue, "ente") != nil {
			t.Errorf("%+v", p)
		}
	}
	a, err := w.PasskeyOf(t.Context(), []byte("anna"))
	must(t, err)
	if len(a.Passkeys) != 1 || string(a.Passkeys[0].Credential) != string(used.Credential) || !a.Passkeys[0].LastUsed.Equal(today) {
		t.Errorf("%+v", a.Passkeys)
	}
	_, err = w.SignIn(t.Context(), passkey("nobody's"))
	is(t, err, access.ErrUnauthenticated)
	w.wrote("user:anna user.redeem anna passkey", "user:anna signin anna passkey")
}

// TestOnePasskeyOfTwoPeople: a credential id that is taken binds to nobody else.
func TestOnePasskeyOfTwoPeople(t *testing.T) {
	w := newWorld(t)
	w.signedIn("anna", access.Officer)
	w.add("ben", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "ben", false)
	must(t, err)
	_, err = w.Redeem(t.Context(), code, passkey("anna"))
	is(t, err, access.ErrUnauthenticated)
	if _, err := w.Invited(t.Context(), code); err != nil {
		t.Error("the invitation is gone though nobody took it")
	}
}

// TestSessionBeginsAnew: an id that stood in the browser before the sign-in is
// worth nothing after it (session fixation, ASVS 7.2.4).
func TestSessionBeginsAnew(t *testing.T) {
	w := newWorld(t)
	planted := w.signedIn("mallory", access.Operator)
	w.add("anna", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "anna", false)
	must(t, err)
	proof := passkey("anna")
	proof.Before = planted
	cookie, err := w.Redeem(t.Context(), code, proof)
	must(t, err)
	if cookie == planted {
		t.Error("the planted id became a session")
	}
	_, err = w.FromSession(t.Context(), planted)
	is(t, err, access.ErrUnauthenticated)
	proof.Before = cookie
	next, err := w.SignIn(t.Context(), proof)
	must(t, err)
	_, err = w.FromSession(t.Context(), cookie)
	is(t, err, access.ErrUnauthenticated)
	_, err = w.FromSession(t.Context(), next)
	must(t, err)
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	cookie := w.signedIn("anna", access.Officer)
	again := func() string {
		c, err := w.SignIn(t.Context(), passkey("anna"))
		must(t, err)
		return c
	}
	use := func(cookie string, want error) {
		t.Helper()
		if _, err := w.FromSession(t.Context(), cookie); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%v, want %v", err, want)
		}
	}
	use(cookie, nil)
	w.pass(access.SessionIdle)
	use(cookie, access.ErrUnauthenticated) // nobody used it

	cookie = again()
	for range int(access.SessionLife/(25*time.Minute)) - 1 { // in use all the time
		w.pass(25 * time.Minute)
		use(cookie, nil)
	}
	w.pass(50 * time.Minute)
	use(cookie, access.ErrUnauthenticated) // eight hours are over

	cookie, other := again(), again()
	must(t, w.SignOut(t.Context(), cookie))
	use(cookie, access.ErrUnauthenticated)
	use(other, nil)
	must(t, w.SignOut(t.Context(), cookie)) // twice is no error
	list, err := w.Sessions(t.Context(), other)
	must(t, err)
	if len(list) != 1 || !list[0].This || list[0].By != "passkey" {
		t.Errorf("%+v", list)
	}
	p, err := w.FromSession(t.Context(), other)
	must(t, err)
	third := again()
	must(t, w.SignOutEverywhere(t.Context(), p))
	use(other, access.ErrUnauthenticated)
	use(third, access.ErrUnauthenticated)
	w.wrote("user:anna signout anna", "user:anna signout anna everywhere")
	for _, cookie := range []string{"", "x", strings.Repeat("a", 43), strings.Repeat("a", 1<<16)} {
		use(cookie, access.ErrUnauthenticated)
	}
}

// TestASessionInUseIsWrittenSeldom: not every request is a write.
func TestASessionInUseIsWrittenSeldom(t *testing.T) {
	w := newWorld(t)
	cookie := w.signedIn("anna", access.Officer)
	before := w.store.updates.Load()
	for range 60 {
		w.pass(10 * time.Second)
		_, err := w.FromSession(t.Context(), cookie)
		must(t, err)
	}
	if n := w.store.updates.Load() - before; n != 2 {
		t.Errorf("%d writes in ten minutes", n)
	}
}

// TestDisabledIsRefusedAtTheNextRequest, by another process too.
func TestDisabledIsRefusedAtTheNextRequest(t *testing.T) {
	w := newWorld(t)
	cookie := w.signedIn("anna", access.Officer)
	_, err := w.service().DisableUser(t.Context(), admin, "anna")
	must(t, err)
	_, err = w.FromSession(t.Context(), cookie)
	is(t, err, access.ErrUnauthenticated)
	_, err = w.SignIn(t.Context(), passkey("anna"))
	is(t, err, access.ErrUnauthenticated)
	_, err = w.EnableUser(t.Context(), admin, "anna")
	must(t, err)
	_, err = w.FromSession(t.Context(), cookie)
	is(t, err, access.ErrUnauthenticated) // the session does not come back
	_, err = w.SignIn(t.Context(), passkey("anna"))
	must(t, err)
	w.wrote("cli:admin user.disable anna", "cli:admin user.enable anna")
}

// TestResetAfterATheft: what the person signed in with is worth nothing any more.
func TestResetAfterATheft(t *testing.T) {
	w := newWorld(t)
	cookie := w.signedIn("anna", access.Officer)
	code, _, err := w.Invite(t.Context(), admin, "anna", true)
	must(t, err)
	_, err = w.FromSession(t.Context(), cookie)
	is(t, err, access.ErrUnauthenticated)
	_, err = w.SignIn(t.Context(), passkey("anna"))
	is(t, err, access.ErrUnauthenticated)
	_, err = w.Redeem(t.Context(), code, passkey("new laptop"))
	must(t, err)
	w.wrote("cli:admin user.invite anna reset")
}

// TestFailedSignInsFillNoLog: a thousand failures are one entry a minute, with
// their number.
func TestFailedSignInsFillNoLog(t *testing.T) {
	w := newWorld(t)
	for range 1000 {
		must(t, w.SignInFailed(t.Context(), "passkey"))
	}
	w.pass(time.Minute)
	must(t, w.SignInFailed(t.Context(), "invite"))
	w.wrote("nobody signin.fail  passkey", "nobody signin.fail  invite, 999 more before")
	if n := strings.Count(w.log(), "signin.fail"); n != 2 {
		t.Errorf("%d entries", n)
	}
}
