package httpapi

import (
	"net/http"

	"realname/shared/realname"
)

// IdempotencyKey reads the header Idempotency-Key; nil without the header. The
// caller (an account's ID, or the login name before sign-in), the route and the
// key together identify the request. Only keyed hashes of them and of the body are
// stored, since a body holds personal data.
// Errors: realname.CodeInvalidRequest for a key that is not 1 to 64 visible ASCII
// characters. The comma is not allowed, since it separates a header's values.
func IdempotencyKey(r *http.Request, seal realname.Sealer, who string, body []byte) (*realname.Idempotency, error) {
	values, given := r.Header["Idempotency-Key"]
	if !given {
		return nil, nil
	}
	key := values[0]
	ok := len(values) == 1 && len(key) >= 1 && len(key) <= 64
	for i := range len(key) {
		ok = ok && key[i] > ' ' && key[i] < 0x7f
	}
	if !ok {
		return nil, invalid("", "idempotency_key", "format")
	}
	index, err := seal.Index("idempotency-key", who+"\n"+r.Method+" "+r.URL.Path+"\n"+key)
	if err != nil {
		return nil, err
	}
	fingerprint, err := seal.Index("idempotency-body", string(body))
	return &realname.Idempotency{Key: index, Fingerprint: fingerprint}, err
}

// Keyed reads the body of a caller's request into a value, the caller, and the
// idempotency key. A request with a nil value has no body.
// Errors: those of Body, Caller, IdempotencyKey and Decode.
func Keyed(r *http.Request, seal realname.Sealer, into any) (realname.Caller, *realname.Idempotency, error) {
	if into == nil {
		caller, err := Caller(r.Context())
		if err != nil {
			return realname.Caller{}, nil, err
		}
		idem, err := IdempotencyKey(r, seal, caller.AccountID, nil)
		return caller, idem, err
	}
	body, caller, idem, err := keyed(r, seal)
	if err != nil {
		return realname.Caller{}, nil, err
	}
	return caller, idem, Decode(body, into)
}

func keyed(
	r *http.Request, seal realname.Sealer,
) (body []byte, caller realname.Caller, idem *realname.Idempotency, err error) {
	if body, err = Body(r); err != nil {
		return nil, realname.Caller{}, nil, err
	}
	if caller, err = Caller(r.Context()); err != nil {
		return nil, realname.Caller{}, nil, err
	}
	idem, err = IdempotencyKey(r, seal, caller.AccountID, body)
	return body, caller, idem, err
}
