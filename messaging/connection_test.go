package messaging

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The keys that libzmq's documentation has as an example.
const (
	curvePublic = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
	curveSecret = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
)

func TestParseConnection(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want Connection
	}{
		{
			name: "numbers, as jupyter_client writes it",
			in: `{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1",
				"key":"k","transport":"tcp","signature_scheme":"hmac-sha256","kernel_name":"gopy","jupyter_session":"x"}`,
			want: Connection{Transport: "tcp", IP: "127.0.0.1", ShellPort: 1, IOPubPort: 2, StdinPort: 3,
				ControlPort: 4, HeartbeatPort: 5, Key: "k", SignatureScheme: SchemeHMACSHA256, KernelName: "gopy"},
		},
		{
			name: "with keys",
			in: `{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k",
				"curve_publickey":"` + curvePublic + `","curve_secretkey":"` + curveSecret + `"}`,
			want: Connection{Transport: "tcp", IP: "127.0.0.1", ShellPort: 1, IOPubPort: 2, StdinPort: 3, ControlPort: 4, HeartbeatPort: 5,
				Key: "k", SignatureScheme: SchemeHMACSHA256, CurvePublicKey: curvePublic, CurveSecretKey: curveSecret},
		},
		{
			name: "ports as text, nothing that has a default",
			in:   `{"shell_port":"1","iopub_port":"65535","stdin_port":"3","hb_port":"5","ip":"*","key":""}`,
			want: Connection{Transport: "tcp", IP: "*", ShellPort: 1, IOPubPort: 65535, StdinPort: 3,
				HeartbeatPort: 5, SignatureScheme: SchemeHMACSHA256},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ParseConnection([]byte(tt.in))
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestParseConnectionRefuses(t *testing.T) {
	const rest = `"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5`
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"other scheme", `{"ip":"::1","key":"k","signature_scheme":"hmac-md5",` + rest + `}`, `signature_scheme "hmac-md5"`},
		{"other transport", `{"ip":"::1","key":"k","transport":"inproc",` + rest + `}`, `transport "inproc"`},
		{"no key", `{"ip":"::1",` + rest + `}`, `"key" is missing`},
		{"no ip", `{"ip":"","key":"k",` + rest + `}`, "ip is empty"},
		{"port that is none", `{"ip":"::1","key":"k","shell_port":70000,"iopub_port":2,"stdin_port":3,"hb_port":5}`, "port 70000"},
		{"no port", `{"ip":"::1","key":"k","iopub_port":2,"stdin_port":3,"hb_port":5}`, `"shell_port" is missing`},
		{"one key of two", `{"ip":"::1","key":"k","curve_publickey":"` + curvePublic + `",` + rest + `}`, "curve_secretkey: a key of CURVE has 40 characters"},
		{"a key that is none", `{"ip":"::1","key":"k","curve_publickey":"x","curve_secretkey":"` + curveSecret + `",` + rest + `}`, "curve_publickey: "},
		{"keys of two pairs", `{"ip":"::1","key":"k","curve_publickey":"` + curveSecret + `","curve_secretkey":"` + curveSecret + `",` + rest + `}`, "do not belong together"},
		{"not JSON", `{"ip"`, "unexpected end of JSON"},
		{"empty", ``, "not a JSON object"},
		{"not UTF-8", "{\"ip\":\"\xff\"}", "not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseConnection([]byte(tt.in))
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestAddress(t *testing.T) {
	tests := []struct {
		name string
		in   Connection
		want string
	}{
		{"IPv4", Connection{Transport: "tcp", IP: "127.0.0.1", ControlPort: 7}, "tcp://127.0.0.1:7"},
		{"every interface", Connection{Transport: "tcp", IP: "*", ControlPort: 7}, "tcp://*:7"},
		{"IPv6", Connection{Transport: "tcp", IP: "::1", ControlPort: 7}, "tcp://[::1]:7"},
		{"IPv6 in brackets", Connection{Transport: "tcp", IP: "[::1]", ControlPort: 7}, "tcp://[::1]:7"},
		{"ipc", Connection{Transport: "ipc", IP: "/run/k-ipc", ControlPort: 7}, "ipc:///run/k-ipc-7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.in.Address(Control))
		})
	}
}
