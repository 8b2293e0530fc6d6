package sockstore

import (
	"reflect"
	"testing"
	"time"

	"github.com/employment-passport/passport/issuer"
)

// TestEveryMethodGoesOver holds the table against the interface: a method that
// is added to issuer.Tx is served, and nothing else is.
func TestEveryMethodGoesOver(t *testing.T) {
	tx := reflect.TypeFor[issuer.Tx]()
	for n := range tx.NumMethod() {
		if name := tx.Method(n).Name; methods[name] == nil {
			t.Errorf("%s is not served", name)
		}
	}
	for name := range methods {
		if _, is := tx.MethodByName(name); !is {
			t.Errorf("%s is served, and is no method of a Tx", name)
		}
	}
}

// TestNothingIsLostOnTheWay looks through every type that goes over: gob sends
// no field that is not exported, and no pointer to a zero.
func TestNothingIsLostOnTheWay(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var look func(path string, of reflect.Type)
	look = func(path string, of reflect.Type) {
		if seen[of] || of == reflect.TypeFor[time.Time]() {
			return
		}
		seen[of] = true
		switch of.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Chan:
			t.Errorf("%s is a %s", path, of.Kind())
		case reflect.Slice, reflect.Array:
			look(path+"[]", of.Elem())
		case reflect.Map:
			look(path+"[key]", of.Key())
			look(path+"[]", of.Elem())
		case reflect.Func: // yield
			for n := range of.NumIn() {
				look(path+"()", of.In(n))
			}
		case reflect.Struct:
			for n := range of.NumField() {
				field := of.Field(n)
				if !field.IsExported() {
					t.Errorf("%s.%s is not exported", path, field.Name)
				}
				look(path+"."+field.Name, field.Type)
			}
		}
	}
	tx := reflect.TypeFor[issuer.Tx]()
	for n := range tx.NumMethod() {
		m := tx.Method(n)
		for in := range m.Type.NumIn() {
			look(m.Name, m.Type.In(in))
		}
		for out := range m.Type.NumOut() - 1 { // the last one is the error
			look(m.Name, m.Type.Out(out))
		}
	}
}
