package pygen

import (
	"fmt"
	"strings"
)

// An ImportError says why Python cannot import a module, and what can be done about it.
type ImportError struct {
	Python  string `json:"-"` // path of the interpreter
	Module  string `json:"-"`
	Problem string `json:"error"` // the exception in one line
	// Missing is the module that was not found, if that is the reason.
	Missing string `json:"missing"`
	// Absent reports whether it is the module itself that is missing, or one that it is in.
	Absent    bool   `json:"absent"`
	Traceback string `json:"traceback"`
	// Pip reports whether the Python has pip.
	Pip bool `json:"pip"`
}

func (e *ImportError) Error() string {
	var text string
	switch {
	case !e.Absent:
		text = fmt.Sprintf("Python cannot import %s: %s", e.Module, e.Problem)
		if e.Traceback != "" {
			text += "\n" + strings.TrimSpace(e.Traceback)
		}
	case e.Missing != e.Module:
		text = fmt.Sprintf("%s has no module %s, which %s would be in", e.Python, e.Missing, e.Module)
	default:
		text = fmt.Sprintf("%s has no module %s", e.Python, e.Module)
	}
	if fix := e.Fix(); fix != "" {
		text += "\n" + fix
	}
	return text
}

// Fix says what would mend it; empty if that is not known.
func (e *ImportError) Fix() string {
	top, below, _ := strings.Cut(e.Missing, ".")
	switch {
	case top == "":
		return ""
	case below != "":
		return fmt.Sprintf("Check the last part of the name: see what there is with: %s -c 'help(%q)'", e.Python, top)
	}
	command := e.Python + " -m pip install "
	if !e.Pip {
		command = "uv pip install --python " + e.Python + " "
	}
	return "Install it with: " + command + distribution(top)
}

// distribution is the name under which a module is installed, where that is another one.
func distribution(module string) string {
	if name := distributions[module]; name != "" {
		return name
	}
	return module
}

var distributions = map[string]string{
	"Bio":          "biopython",
	"OpenSSL":      "pyopenssl",
	"PIL":          "pillow",
	"attr":         "attrs",
	"bs4":          "beautifulsoup4",
	"cv2":          "opencv-python",
	"dateutil":     "python-dateutil",
	"docx":         "python-docx",
	"dotenv":       "python-dotenv",
	"fitz":         "pymupdf",
	"git":          "gitpython",
	"igraph":       "python-igraph",
	"jose":         "python-jose",
	"jwt":          "pyjwt",
	"magic":        "python-magic",
	"pptx":         "python-pptx",
	"psycopg2":     "psycopg2-binary",
	"serial":       "pyserial",
	"skimage":      "scikit-image",
	"sklearn":      "scikit-learn",
	"umap":         "umap-learn",
	"usb":          "pyusb",
	"wx":           "wxpython",
	"yaml":         "pyyaml",
	"zmq":          "pyzmq",
	"pywt":         "pywavelets",
	"mpl_toolkits": "matplotlib",
}
